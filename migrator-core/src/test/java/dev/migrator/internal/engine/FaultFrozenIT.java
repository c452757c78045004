package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultTrial.Attempt;

/**
 * The instance is not killed but frozen in the middle of a record, its connections open: it holds
 * nobody up for longer than its transactions may be idle, and when it wakes up and commits what it
 * had begun, nothing comes of it.
 */
class FaultFrozenIT extends FaultForm {

  FaultFrozenIT() {
    super(0.06, 8);
  }

  @Override
  Attempt end(FaultTrial trial) {
    return trial.struckBy(FaultDataSource.FREEZE);
  }
}
