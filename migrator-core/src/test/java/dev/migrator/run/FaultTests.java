package dev.migrator.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * PEERS 9.2, 9.14 and 9.16: an instance is killed at every journal record of a life, there and all
 * the way back, right before and right after the record is committed. Another one goes on, and the
 * end is that of an undisturbed life: the same catalog, the same data, nothing of ours left.
 *
 * <p>Every point (of the way back from a contract every third) is tried inside of this JVM, by an
 * instance whose connections are cut. Some of them, or with {@code -Dmigrator.test.long=true} each
 * one, are tried with a process that is killed for real.
 */
class FaultTests {

  private static final int EACH = 1;

  private static final int SAMPLE = Boolean.getBoolean("migrator.test.long") ? EACH : 13;

  private static final int SOME = Boolean.getBoolean("migrator.test.long") ? EACH : 3;

  /** Most of the time is spent in waiting for the lease of the dead to end. */
  private static final int AT_ONCE = 20;

  private static final int PROCESSES_AT_ONCE = 3;

  @ParameterizedTest
  @EnumSource
  void lifeGoesOnWhereTheConnectionsWereCut(FaultChange change) throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.TO_CONTRACT);
    trial.run(AT_ONCE, EACH, trial.struckBy(FaultDataSource.KILL));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_APPLICATION")
  void undoGoesOnWhereTheConnectionsWereCut(FaultChange change) throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.UNDO);
    trial.run(AT_ONCE, EACH, trial.struckBy(FaultDataSource.KILL));
  }

  @Test
  void theWayBackGoesOnWhereTheApplicationWritesBothSides() throws Exception {
    FaultTrial trial = new FaultTrial(FaultChange.BY_APPLICATION, FaultLife.GIVE_BACK);
    trial.run(AT_ONCE, SOME, trial.struckBy(FaultDataSource.KILL));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_APPLICATION")
  void theWayBackFromAContractGoesOnWhereTheConnectionsWereCut(FaultChange change)
      throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.CONTRACT_AND_BACK);
    trial.run(AT_ONCE, SOME, trial.struckBy(FaultDataSource.KILL));
  }

  @ParameterizedTest
  @EnumSource
  void lifeGoesOnWhereTheProcessWasKilled(FaultChange change) throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.TO_CONTRACT);
    trial.run(PROCESSES_AT_ONCE, SAMPLE, trial::kill);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_APPLICATION")
  void undoGoesOnWhereTheProcessWasKilled(FaultChange change) throws Exception {
    FaultTrial trial = new FaultTrial(change, FaultLife.UNDO);
    trial.run(PROCESSES_AT_ONCE, SAMPLE, trial::kill);
  }
}
