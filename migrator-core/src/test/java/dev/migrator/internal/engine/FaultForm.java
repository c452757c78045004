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
 * <p>Some of the points are tried; with {@code -Dmigrator.test.long=true} each one.
 */
abstract class FaultForm {

  private static final boolean ALL = Boolean.getBoolean("migrator.test.long");

  private final int oneOf;

  private final int atOnce;

  /**
   * Makes it.
   *
   * @param oneOf of how many points one is tried, where they are most alike: of the way back from a
   *     contract, and of a partitioned table, it is of three times as many
   * @param atOnce most of the time is spent in waiting for the lease of the dead to end
   */
  FaultForm(int oneOf, int atOnce) {
    this.oneOf = oneOf;
    this.atOnce = atOnce;
  }

  /** How an instance ends, and another one goes on. */
  abstract Attempt end(FaultTrial trial);

  @ParameterizedTest
  @EnumSource
  void lifeGoesOn(FaultChange change) throws Exception {
    disturb(change, FaultLife.TO_CONTRACT, oneOf);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BY_APPLICATION")
  void undoGoesOn(FaultChange change) throws Exception {
    disturb(change, FaultLife.UNDO, oneOf);
  }

  @ParameterizedTest
  @EnumSource
  void theWayBackFromAContractGoesOn(FaultChange change) throws Exception {
    FaultLife life =
        (change == FaultChange.BY_APPLICATION) ? FaultLife.GIVE_BACK : FaultLife.CONTRACT_AND_BACK;
    disturb(change, life, 3 * oneOf);
  }

  private void disturb(FaultChange change, FaultLife life, int oneOf) throws Exception {
    int sample = (change == FaultChange.PARTITIONED) ? 3 * oneOf : oneOf;
    FaultTrial trial = new FaultTrial(change, life);
    trial.run(atOnce, ALL ? 1 : sample, end(trial));
  }
}
