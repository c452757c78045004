package dev.migrator.internal.operation.notnull;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that becomes NOT NULL.
 *
 * @param column the column as it is
 * @param sql how it becomes NOT NULL
 * @param filling what takes the place of NULL; {@code null} if nothing does
 * @param triggerPresent whether the trigger that fills is there
 */
public record ResolvedNotNull(
    TableFacts table,
    ColumnFacts column,
    NotNullSql sql,
    @Nullable NullFillingSql filling,
    boolean triggerPresent)
    implements ResolvedOperation {

  /** Whether rows have to be filled, which they have not where the column is NOT NULL already. */
  public boolean fills() {
    return filling != null && !column.notNull();
  }

  /** What a resolved filling is made from. */
  public static NullFillingSql filling(
      TableFacts table,
      ColumnFacts column,
      String expression,
      ObjectNames names,
      List<String> searchPath) {
    return new NullFillingSql(table, column, expression, names, searchPath);
  }

  /** The rows to fill. */
  public RangeSql ranges() {
    if (filling == null) {
      throw new IllegalStateException("nothing is filled");
    }
    return filling.ranges();
  }

  public ViolatingRows nulls() {
    String rows = "FROM %s WHERE %s IS NULL".formatted(table.quoted(), column.quoted());
    String fix =
        (filling == null)
            ? "give them a value, or declare a new migration with .fillNullsWith(\"…\")"
            : "the filling gives NULL for them or fails; give them a value by hand, or take the change back and declare another filling";
    return new ViolatingRows(
        "SELECT count(*) " + rows,
        "rows of %s have NULL in \"%s\"; %s; find them by: SELECT * %s"
            .formatted(table, column.name(), fix, rows));
  }

  public List<TableLock> triggerLock(boolean create) {
    return (filling == null) ? List.of() : create ? filling.createLock() : filling.dropLock();
  }

  public List<String> createTrigger() {
    return (filling == null) ? List.of() : filling.create();
  }

  public List<String> dropTrigger() {
    return (filling == null) ? List.of() : filling.drop();
  }
}
