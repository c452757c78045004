package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.step.PhaseSteps;

/** An operation whose result the catalog had before it began: there is nothing to do or to undo. */
public record ReachedAlready(TableFacts table) implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    return PhaseSteps.NONE;
  }
}
