package dev.migrator.internal.operation.notnull;

import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import java.util.List;

/**
 * The SQL that makes a column NOT NULL without a scan under a lock that anybody notices.
 *
 * @param table the table, quoted
 * @param column the column
 * @param constraint the name of what is validated: from 18 on the NOT NULL itself, before a CHECK
 *     that is there for a while
 * @param asConstraint whether the server can validate a NOT NULL, which it can from 18 on
 * @param added whether a NOT NULL waits already to be validated
 */
public record NotNullSql(
    String table, String column, String constraint, boolean asConstraint, boolean added) {

  public List<TableLock> lock() {
    return List.of(new TableLock(table, TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  /** Enforces it for new rows only. */
  public List<String> add() {
    if (added) {
      return List.of();
    }
    String definition =
        asConstraint
            ? "NOT NULL " + Identifiers.quote(column)
            : "CHECK (%s IS NOT NULL)".formatted(Identifiers.quote(column));
    return List.of(
        "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID"
            .formatted(table, Identifiers.quote(constraint), definition));
  }

  public List<String> undoAdd() {
    return added ? List.of() : List.of(drop());
  }

  public String validate() {
    return "ALTER TABLE %s VALIDATE CONSTRAINT %s".formatted(table, Identifiers.quote(constraint));
  }

  /**
   * Before 18: learns from the CHECK that no row has NULL, which goes in a statement of its own, or
   * the constraint would be gone before it is used.
   */
  public List<String> set() {
    return List.of(
        "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL".formatted(table, Identifiers.quote(column)),
        drop());
  }

  public List<String> undoSet() {
    return List.of(
        "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL".formatted(table, Identifiers.quote(column)));
  }

  private String drop() {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(table, Identifiers.quote(constraint));
  }
}
