package dev.migrator.test.rehearsal;

import java.util.List;

/**
 * A step, as the plan names it.
 *
 * @param name its name
 * @param statements what ran of it, beside the engine's own bookkeeping
 */
public record StepReport(String name, List<StatementReport> statements) {

  /** Copies the list. */
  public StepReport {
    statements = List.copyOf(statements);
  }
}
