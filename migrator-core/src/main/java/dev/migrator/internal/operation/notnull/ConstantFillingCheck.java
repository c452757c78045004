package dev.migrator.internal.operation.notnull;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.SqlState;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Tries a filling that is the same for all rows against what the column has to obey: a value that
 * does not would make the very writes fail that it is to save.
 */
public final class ConstantFillingCheck {

  private final Resolution resolution;

  private final Database database;

  private final TableFacts table;

  private final ColumnFacts column;

  ConstantFillingCheck(Resolution resolution, TableFacts table, ColumnFacts column) {
    this.resolution = resolution;
    this.database = resolution.database();
    this.table = table;
    this.column = column;
  }

  /** Throws if the value cannot stand in the column. */
  public void check(String expression, boolean unique) {
    List<@Nullable String> values = values(expression);
    String value = values.get(0);
    if (value == null) {
      throw invalid("the filling of \"%s\" is NULL itself; give another value");
    }
    if (unique && value.equals(values.get(1))) {
      throw invalid(
          "the column \"%s\" is unique, but the filling gives every row the same value; use an expression that tells rows apart");
    }
    List<String> violated = database.andRollBack(() -> violated(value));
    if (!violated.isEmpty()) {
      throw invalid(
          "the filling of \"%s\" does not fit "
              + String.join(", ", violated).replace("%", "%%")
              + "; give another value");
    }
  }

  /** Two of them, to see whether they differ. */
  private List<@Nullable String> values(String expression) {
    try {
      return database.andRollBack(
          () ->
              database.query(
                  "SELECT (CAST((%s) AS %s))::text FROM generate_series(1, 2)"
                      .formatted(expression, column.type()),
                  (rs, row) -> rs.getString(1)));
    } catch (DataAccessException ex) {
      throw invalid("the filling of \"%s\" fails: " + SqlState.describe(ex).replace("%", "%%"));
    }
  }

  private List<String> violated(String value) {
    String typed = "CAST(%s AS %s)".formatted(Identifiers.literal(value), column.type());
    String row =
        table.columns().stream()
            .map(
                it ->
                    (it.name().equals(column.name()) ? typed : "NULL::" + it.type())
                        + " AS "
                        + it.quoted())
            .collect(Collectors.joining(", "));
    return database
        .jdbc()
        .sql(
            """
            SELECT conname,
                   CASE contype WHEN 'c' THEN pg_get_expr(conbin, conrelid)
                        ELSE (SELECT format('EXISTS (SELECT FROM %s p WHERE p.%I = %I)', confrelid::regclass, p.attname, c.attname)
                                FROM pg_attribute p, pg_attribute c
                               WHERE p.attrelid = confrelid AND p.attnum = confkey[1]
                                 AND c.attrelid = conrelid AND c.attnum = conkey[1]) END AS condition
              FROM pg_constraint
             WHERE conrelid = :table::oid
               AND (SELECT attnum FROM pg_attribute WHERE attrelid = :table::oid AND attname = :column) = ANY (conkey)
               AND (contype = 'c' OR (contype = 'f' AND cardinality(conkey) = 1))
             ORDER BY conname
            """)
        .param("table", table.oid())
        .param("column", column.name())
        .query((rs, number) -> List.of(rs.getString("conname"), rs.getString("condition")))
        .list()
        .stream()
        .filter(it -> isFalse(it.get(1), row))
        .map(it -> "the constraint \"" + it.get(0) + "\"")
        .toList();
  }

  /** With NULL in the other columns, which says nothing and so excuses nothing that is false. */
  private boolean isFalse(String condition, String row) {
    return database
        .query(
            "SELECT (%s) IS FALSE FROM (SELECT %s) AS one".formatted(condition, row),
            (rs, number) -> rs.getBoolean(1))
        .get(0);
  }

  private InvalidMigrationException invalid(String message) {
    return resolution.invalid(ErrorCode.FILLING_UNFIT, message.formatted(column.name()));
  }
}
