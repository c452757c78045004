package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultTrial.Attempt;

/** The instance is a process of its own, and is killed with SIGKILL. */
class FaultKilledIT extends FaultForm {

  FaultKilledIT() {
    super(0.04, 3);
  }

  @Override
  Attempt end(FaultTrial trial) {
    return trial::kill;
  }
}
