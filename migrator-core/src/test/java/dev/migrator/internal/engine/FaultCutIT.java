package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultTrial.Attempt;

/** The connections of the instance are cut, as the server sees it when a process is killed. */
class FaultCutIT extends FaultForm {

  FaultCutIT() {
    super(0.25, 4);
  }

  @Override
  Attempt end(FaultTrial trial) {
    return trial.struckBy(FaultDataSource.KILL);
  }
}
