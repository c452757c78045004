package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The NOT NULL of a column, where somebody gave it a name or a comment, which the server knows from
 * version 18 on.
 *
 * @param name its name
 * @param comment its comment; {@code null} if it has none
 * @param usual whether the name is the one that the server gives
 */
public record NamedNotNull(String name, @Nullable String comment, boolean usual) {

  /** Those of a table, by the columns; none before version 18. */
  static Map<String, NamedNotNull> of(Database database, TableFacts table) {
    Map<String, NamedNotNull> found = new HashMap<>();
    database
        .jdbc()
        .sql(
            """
            SELECT a.attname::text, n.conname::text, obj_description(n.oid, 'pg_constraint') AS comment,
                   n.conname = :table || '_' || a.attname || '_not_null' AS usual
              FROM pg_catalog.pg_constraint n
              JOIN pg_catalog.pg_attribute a ON a.attrelid = n.conrelid AND a.attnum = n.conkey[1]
             WHERE n.conrelid = :oid::oid AND n.contype = 'n'
            """)
        .param("table", table.name())
        .param("oid", table.oid())
        .query(
            rs -> {
              found.put(
                  rs.getString("attname"),
                  new NamedNotNull(
                      rs.getString("conname"), rs.getString("comment"), rs.getBoolean("usual")));
            });
    return found;
  }

  boolean isOwn() {
    return !usual || comment != null;
  }

  String rename(String table, String other) {
    return "ALTER TABLE %s RENAME CONSTRAINT %s TO %s"
        .formatted(table, Identifiers.quote(name), Identifiers.quote(other));
  }

  /** What gives its comment to a constraint that has its name. */
  String describe(String table) {
    return "COMMENT ON CONSTRAINT %s ON %s IS %s"
        .formatted(
            Identifiers.quote(name),
            table,
            comment == null ? "NULL" : Identifiers.literal(comment));
  }
}
