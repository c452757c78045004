package dev.migrator.internal.operation.defaultvalue;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the default of a column, and refuses columns that have none of their own. */
final class DefaultReader {

  private final Resolution resolution;

  private final TableFacts table;

  DefaultReader(Resolution resolution, TableFacts table) {
    this.resolution = resolution;
    this.table = table;
  }

  ColumnFacts column(String name) {
    ColumnFacts column = resolution.tables().column(table, name);
    if (column.kind() != ColumnFacts.Kind.PLAIN) {
      throw resolution.invalid(
          ErrorCode.COLUMN_UNSUITABLE,
          "the column \"%s\" of %s is %s column, which has no default to change"
              .formatted(
                  name,
                  table,
                  column.kind() == ColumnFacts.Kind.IDENTITY ? "an identity" : "a generated"));
    }
    List<String> others = partitionsOfOther(name);
    if (resolution.first() && !others.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONS_DIFFER,
          "partitions of %s have another default of \"%s\", which an undo could not restore: %s; give them that of the table first"
              .formatted(table, name, String.join(", ", others)));
    }
    return column;
  }

  /** With every name qualified, so that it means the same whoever undoes the change. */
  @Nullable String current(ColumnFacts column) {
    return resolution
        .constraints()
        .pinned(
            () ->
                resolution
                    .database()
                    .jdbc()
                    .sql(
                        """
                        SELECT pg_get_expr(d.adbin, d.adrelid)
                          FROM pg_attribute a
                          JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                         WHERE a.attrelid = ?::oid AND a.attname = ?
                        """)
                    .params(table.oid(), column.name())
                    .query(String.class)
                    .optional()
                    .orElse(null));
  }

  private List<String> partitionsOfOther(String column) {
    if (!table.partitioned()) {
      return List.of();
    }
    return resolution
        .database()
        .jdbc()
        .sql(
            """
            WITH RECURSIVE part(relid) AS (
              SELECT inhrelid FROM pg_inherits WHERE inhparent = :table::oid
              UNION ALL SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.relid)
            SELECT t.relid::regclass::text FROM part t
             WHERE (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a
                      JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                     WHERE a.attrelid = t.relid AND a.attname = :column)
                   IS DISTINCT FROM
                   (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a
                      JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                     WHERE a.attrelid = :table::oid AND a.attname = :column)
            """)
        .param("table", table.oid())
        .param("column", column)
        .query(String.class)
        .list();
  }
}
