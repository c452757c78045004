package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultTrial.Attempt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * PEERS 9.2, 9.14 and 9.16: an instance meets its end at a journal record of a life, there and all
 * the way back, right before or right after the record is committed. Another one goes on, and the
 * end is that of an undisturbed life: the same catalog, the same data, nothing of ours left.
 *
 * <p>Some of the points are tried, see {@link FaultSample}.
 */
abstract class FaultForm {

  private final double edges;

  private final int atOnce;

  /**
   * Makes it.
   *
   * @param edges which part of the first and last transactions of each kind is tried; of the way
   *     back from a contract, and of a partitioned table, it is a third of it, as they are most
   *     alike
   * @param atOnce how many lives at once
   */
  FaultForm(double edges, int atOnce) {
    this.edges = edges;
    this.atOnce = atOnce;
  }

  /** How an instance ends, and another one goes on. */
  abstract Attempt end(FaultTrial trial);

  @ParameterizedTest
  @EnumSource
  void lifeGoesOn(FaultChange change) throws Exception {
    disturb(change, FaultLife.TO_CONTRACT, edges);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BY_APPLICATION")
  void undoGoesOn(FaultChange change) throws Exception {
    disturb(change, FaultLife.UNDO, edges);
  }

  @ParameterizedTest
  @EnumSource
  void theWayBackFromAContractGoesOn(FaultChange change) throws Exception {
    FaultLife life =
        (change == FaultChange.BY_APPLICATION) ? FaultLife.GIVE_BACK : FaultLife.CONTRACT_AND_BACK;
    disturb(change, life, edges / 3);
  }

  private void disturb(FaultChange change, FaultLife life, double edges) throws Exception {
    double part = (change == FaultChange.PARTITIONED) ? edges / 3 : edges;
    FaultTrial trial = new FaultTrial(getClass(), change, life);
    trial.run(atOnce, part, end(trial));
  }
}
