package dev.migrator.internal.operation.check;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.ValidatedConstraint;
import dev.migrator.internal.operation.Violations;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.PhaseSteps;
import java.util.List;

/**
 * A new CHECK constraint.
 *
 * @param name its name
 * @param definition its definition in the server's own words
 * @param expression the expression alone
 * @param present whether it is there, validated or not
 * @param validated whether it is known to hold for all rows
 */
public record ResolvedCheck(
    TableFacts table,
    String name,
    String definition,
    String expression,
    boolean present,
    boolean validated)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    return (phase == Phase.BACKFILL)
        ? PhaseSteps.of(
            new ValidatedConstraint(
                    "check",
                    lock(),
                    lock(),
                    add(),
                    undo(),
                    validate(),
                    violations(table, name, expression))
                .steps(phase, present, validated))
        : PhaseSteps.NONE;
  }

  private List<TableLock> lock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  private String add() {
    return "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID"
        .formatted(table.quoted(), Identifiers.quote(name), definition);
  }

  private String validate() {
    return "ALTER TABLE %s VALIDATE CONSTRAINT %s"
        .formatted(table.quoted(), Identifiers.quote(name));
  }

  private String undo() {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(table.quoted(), Identifiers.quote(name));
  }

  /** The rows that violate a check. */
  public static ViolatingRows violations(TableFacts table, String name, String expression) {
    String rows = "FROM %s WHERE NOT (%s)".formatted(table.quoted(), expression);
    return Violations.of(
        rows, "rows of %s violate the check \"%s\"; change them".formatted(table, name));
  }
}
