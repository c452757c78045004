package dev.migrator.run;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * PEERS 9.2, where the leader is not killed but frozen in the middle of a record, its connections
 * open: it holds nobody up for longer than its transactions may be idle, and when it wakes up and
 * commits what it had begun, nothing comes of it.
 */
class FaultFrozenTests {

  private static final int SAMPLE = Boolean.getBoolean("migrator.test.long") ? 1 : 4;

  private static final int AT_ONCE = 20;

  @ParameterizedTest
  @EnumSource
  void lifeGoesOnBesideAFrozenInstance(FaultChange change) throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.TO_CONTRACT);
    trial.run(AT_ONCE, SAMPLE, trial.struckBy(FaultDataSource.FREEZE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_APPLICATION")
  void undoGoesOnBesideAFrozenInstance(FaultChange change) throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.UNDO);
    trial.run(AT_ONCE, SAMPLE, trial.struckBy(FaultDataSource.FREEZE));
  }
}
