package dev.migrator.plan;

import dev.migrator.Phase;
import dev.migrator.postgres.Identifiers;
import dev.migrator.postgres.TableLock;
import java.util.List;

/**
 * NOT NULL without a scan under a lock that anybody notices: a CHECK that is enforced for new rows
 * only, its validation beside the running application, and then SET NOT NULL, which finds its proof
 * in the CHECK. The CHECK goes in a statement of its own, or the proof would be gone before it is
 * used.
 */
final class NotNullSteps {

  private NotNullSteps() {}

  /**
   * The steps.
   *
   * @param table the table, quoted
   * @param column the column
   * @param constraint a free name for the CHECK
   */
  static List<Step> of(Phase phase, String table, String column, String constraint) {
    List<TableLock> lock = List.of(new TableLock(table, TableLock.Mode.ACCESS_EXCLUSIVE));
    String name = Identifiers.quote(constraint);
    String target = Identifiers.quote(column);
    String drop = "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s".formatted(table, name);
    return List.of(
        new Step.Ddl(
            "check-not-null",
            phase,
            lock,
            List.of(
                "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID"
                    .formatted(table, name, target)),
            List.of(drop)),
        new Step.Validation(
            "validate-not-null",
            phase,
            List.of("ALTER TABLE %s VALIDATE CONSTRAINT %s".formatted(table, name)),
            List.of()),
        new Step.Ddl(
            "set-not-null",
            phase,
            lock,
            List.of("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL".formatted(table, target), drop),
            List.of("ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL".formatted(table, target))));
  }
}
