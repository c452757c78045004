package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultTrial.End;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * PEERS 9.2, 9.14 and 9.16: an instance meets its end at a journal record of a life, there and all
 * the way back, right before or right after the record is committed. Another one goes on, and the
 * end is that of an undisturbed life: the same catalog, the same data, nothing of ours left.
 *
 * <p>Some of the points are tried, see {@link FaultSample}: of the way back from a contract, and of
 * a partitioned table, a third as many, as they are most alike.
 */
class FaultIT {

  @ParameterizedTest
  @EnumSource
  void lifeGoesOn(FaultChange change) throws Exception {
    disturb(change, FaultLife.TO_CONTRACT, 1);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BY_APPLICATION")
  void undoGoesOn(FaultChange change) throws Exception {
    disturb(change, FaultLife.UNDO, 1);
  }

  @ParameterizedTest
  @EnumSource
  void theWayBackFromAContractGoesOn(FaultChange change) throws Exception {
    FaultLife life =
        (change == FaultChange.BY_APPLICATION) ? FaultLife.GIVE_BACK : FaultLife.CONTRACT_AND_BACK;
    disturb(change, life, 1 / 3d);
  }

  private void disturb(FaultChange change, FaultLife life, double share) throws Exception {
    double part = (change == FaultChange.PARTITIONED) ? share / 3 : share;
    FaultTrial trial = new FaultTrial(change, life);
    trial.run(
        List.of(
            // The connections are cut, as the server sees it when a process is killed.
            new End("cut", 4, 0.15 * part, trial.struckBy(FaultDataSource.KILL)),
            // Frozen in the middle of a record, its connections open: it holds nobody up for longer
            // than its transactions may be idle, and when it wakes up and commits what it had
            // begun, nothing comes of it.
            new End("frozen", 8, 0.06 * part, trial.struckBy(FaultDataSource.FREEZE)),
            // A process of its own, killed with SIGKILL.
            new End("killed", 3, 0.04 * part, trial::kill)));
  }
}
