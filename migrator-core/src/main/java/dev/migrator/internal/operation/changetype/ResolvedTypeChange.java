package dev.migrator.internal.operation.changetype;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.Violations;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.ArrayList;
import java.util.List;

/**
 * A column that gets a wider type.
 *
 * @param column the column as it is
 * @param type its new type
 * @param backRewrites whether the server writes all rows anew when it gets its old type again
 */
public record ResolvedTypeChange(
    TableFacts table, ColumnFacts column, String type, boolean backRewrites)
    implements ResolvedOperation {

  /** What is written anew in a fraction of a second, with its indexes. */
  private static final long SMALL = 8L * 1024 * 1024;

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.EXPAND || column.type().equals(type)) {
      return PhaseSteps.NONE;
    }
    return PhaseSteps.of(
        List.of(
            new TransactionStep(
                StepInfo.of("change-type", phase).reshaping().undo(back(phase)),
                lock(),
                List.of(alter(table.quoted(), type))),
            analyze(StepInfo.of("analyze-column", phase))));
  }

  /** Only what was widened by this: narrower again, it writes the rows, so only a few of them. */
  private List<Step> back(Phase phase) {
    List<Step> steps = new ArrayList<>();
    if (backRewrites) {
      steps.add(new CountStep(StepInfo.undoing("count-cut", phase), cut()));
      steps.add(new CountStep(StepInfo.undoing("measure-table", phase), tooLarge()));
    }
    List<String> sql = new ArrayList<>();
    sql.add(alter(table.quoted(), column.type()));
    if (column.defaultExpression() != null) {
      sql.add(
          "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s"
              .formatted(table.quoted(), column.quoted(), column.defaultExpression()));
    }
    steps.add(new TransactionStep(StepInfo.undoing("change-type", phase).reshaping(), lock(), sql));
    steps.add(analyze(StepInfo.undoing("analyze-column", phase)));
    return steps;
  }

  String alter(String target, String to) {
    String collate = (column.collation() == null) ? "" : " COLLATE " + column.collation();
    return "ALTER TABLE %s ALTER COLUMN %s TYPE %s%s"
        .formatted(target, column.quoted(), to, collate);
  }

  /** The server forgets the statistics of a column whose type changes, and plans badly by then. */
  private Step analyze(StepInfo info) {
    return new ValidationStep(
        info, List.of("ANALYZE %s (%s)".formatted(table.quoted(), column.quoted())));
  }

  private ViolatingRows cut() {
    String rows =
        "FROM %s WHERE %s IS DISTINCT FROM CAST(%s AS %s)"
            .formatted(table.quoted(), column.quoted(), column.quoted(), column.type());
    return Violations.of(
        rows,
        "rows of %s have values in \"%s\" that %s would cut; shorten them, then give the command RETRY"
            .formatted(table, column.name(), column.type()));
  }

  /** Nothing of it if the column has its old type by now, which an operator can see to. */
  private ViolatingRows tooLarge() {
    return new ViolatingRows(
        """
        SELECT CASE WHEN pg_total_relation_size(a.attrelid) > %d
                     AND %s NOT IN (format_type(a.atttypid, a.atttypmod), t.qualified)
                    THEN pg_total_relation_size(a.attrelid) ELSE 0 END
          FROM pg_attribute a,
               LATERAL (SELECT quote_ident(n.nspname) || '.' || quote_ident(p.typname) AS qualified
                          FROM pg_type p JOIN pg_namespace n ON n.oid = p.typnamespace
                         WHERE p.oid = a.atttypid) AS t
         WHERE a.attrelid = %d::oid AND a.attname = %s
        """
            .formatted(
                SMALL,
                Identifiers.literal(column.type()),
                table.oid(),
                Identifiers.literal(column.name())),
        "bytes of %s would be written anew while nobody can use the table; every release works with the wider type, so it can stay; otherwise run, when nobody needs the table: %s; then give the command RETRY"
            .formatted(table, alter(table.quoted(), column.type())));
  }

  private List<TableLock> lock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }
}
