package dev.migrator.internal.operation.notnull;

import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import java.nio.charset.StandardCharsets;

/** Finds out how a column can become NOT NULL on the server at hand. */
public final class NotNullReader {

  /** The oldest server that can validate a NOT NULL. */
  private static final int CONSTRAINTS = 180000;

  /** What 63 bytes leave when the ending and a number are taken off. */
  private static final int MOST_BYTES = 63 - "__not_null".length() - 2;

  private final Database database;

  public NotNullReader(Database database) {
    this.database = database;
  }

  /** To be called in a transaction. */
  public NotNullSql read(TableFacts table, String column, ObjectNames names) {
    if (table.serverVersion() < CONSTRAINTS) {
      return new NotNullSql(table.quoted(), column, names.constraint("not_null"), false, false);
    }
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(mine.conname, free.name) AS name, mine.conname IS NOT NULL AS added
              FROM (SELECT :base || CASE n WHEN 0 THEN '' ELSE n::text END AS name
                      FROM generate_series(0, 99) AS n
                     WHERE NOT EXISTS (
                             SELECT FROM pg_constraint c WHERE c.conrelid = :table::oid
                                AND c.conname = :base || CASE n WHEN 0 THEN '' ELSE n::text END)
                     ORDER BY n LIMIT 1) AS free
              LEFT JOIN pg_constraint mine
                ON mine.conrelid = :table::oid AND mine.contype = 'n' AND NOT mine.convalidated
               AND mine.conkey[1] = (SELECT attnum FROM pg_attribute
                                      WHERE attrelid = :table::oid AND attname = :column)
            """)
        .param("base", base(table.name(), column))
        .param("table", table.oid())
        .param("column", column)
        .query(
            (rs, row) ->
                new NotNullSql(
                    table.quoted(), column, rs.getString("name"), true, rs.getBoolean("added")))
        .single();
  }

  /** The name that the server itself would choose. */
  private static String base(String table, String column) {
    String one = table;
    String two = column;
    while (bytes(one) + bytes(two) > MOST_BYTES) {
      if (bytes(one) > bytes(two)) {
        one = shorter(one);
      } else {
        two = shorter(two);
      }
    }
    return one + "_" + two + "_not_null";
  }

  private static String shorter(String name) {
    return name.substring(0, name.offsetByCodePoints(name.length(), -1));
  }

  private static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }
}
