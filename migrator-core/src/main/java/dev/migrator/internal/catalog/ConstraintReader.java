package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what operations need from the catalog. For use in a transaction, whose search path it pins:
 * definitions then qualify every name.
 */
public final class ConstraintReader {

  private static final String COLUMN_NAMES =
      """
      ARRAY(SELECT a.attname::text FROM unnest(%s) WITH ORDINALITY k(num, ord)
              JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.num ORDER BY k.ord)
      """;

  private final Database database;

  public ConstraintReader(Database database) {
    this.database = database;
  }

  void pinSearchPath() {
    database.execute("SET LOCAL search_path = pg_catalog");
  }

  /** Reads definitions in which every name is qualified, and leaves the search path as it was. */
  public <T extends @Nullable Object> T pinned(Supplier<T> reading) {
    return database.andRollBack(
        () -> {
          pinSearchPath();
          return reading.get();
        });
  }

  /** The object of that name; empty if the name is free. */
  public Optional<IndexFacts> index(IndexName name) {
    pinSearchPath();
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(i.indrelid, 0) AS indrelid, i.indisunique, i.indisreplident,
                   i.indisvalid AND i.indisready AS valid,
                   substr(pg_get_indexdef(c.oid), strpos(pg_get_indexdef(c.oid), ' USING ' || am.amname) + 7) AS definition,
                   ARRAY(SELECT conname::text FROM pg_constraint WHERE conindid = c.oid) AS constraints,
                   obj_description(c.oid, 'pg_class') AS comment,
                   %s AS whole, coalesce(%s, '{}') AS details
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_index i ON i.indexrelid = c.oid
              LEFT JOIN pg_am am ON am.oid = c.relam
             WHERE n.nspname = ? AND c.relname = ?
            """
                .formatted(IndexDefinition.of("c.oid"), IndexDefinition.details("c.oid")))
        .params(name.schema(), name.name())
        .query(
            (rs, row) ->
                new IndexFacts(
                    rs.getLong("indrelid"),
                    rs.getBoolean("valid"),
                    rs.getBoolean("indisunique"),
                    String.valueOf(rs.getString("definition")),
                    strings(rs, "constraints"),
                    rs.getBoolean("indisreplident"),
                    rs.getString("comment"),
                    String.valueOf(rs.getString("whole")),
                    strings(rs, "details")))
        .optional();
  }

  /** The constraint of that name on a table. */
  public Optional<ConstraintFacts> constraint(long table, String name) {
    pinSearchPath();
    return database
        .jdbc()
        .sql(
            "SELECT c.contype, c.convalidated, c.confrelid, c.confdeltype,"
                + " regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition, "
                + COLUMN_NAMES.formatted("c.conkey", "c.conrelid")
                + " AS columns, "
                + COLUMN_NAMES.formatted("c.confkey", "c.confrelid")
                + " AS parent_columns FROM pg_constraint c"
                + " WHERE c.conrelid = ?::oid AND c.conname = ?")
        .params(table, name)
        .query(
            (rs, row) ->
                new ConstraintFacts(
                    rs.getString("contype"),
                    rs.getBoolean("convalidated"),
                    rs.getString("definition"),
                    strings(rs, "columns"),
                    rs.getLong("confrelid"),
                    strings(rs, "parent_columns"),
                    rs.getString("confdeltype").strip()))
        .optional();
  }

  /** The names of all indexes of a table. */
  public List<String> indexNames(long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = ?::oid ORDER BY c.relname
            """)
        .param(table)
        .query(String.class)
        .list();
  }

  /** The sets of columns that a foreign key may refer to. */
  public List<List<String>> keys(long table) {
    return indexes(
        table, "i.indisunique AND i.indimmediate AND i.indnkeyatts = cardinality(k.names)");
  }

  /** The columns that the complete indexes of a table begin with; ends at an expression. */
  public List<List<String>> indexes(long table) {
    return indexes(table, "true");
  }

  private List<List<String>> indexes(long table, String condition) {
    return database
        .jdbc()
        .sql(
            """
            SELECT k.names FROM pg_index i
             CROSS JOIN LATERAL (
               SELECT ARRAY(
                 SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY key(num, ord)
                   JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.num
                  WHERE ord <= i.indnkeyatts
                    AND NOT EXISTS (SELECT FROM unnest(i.indkey) WITH ORDINALITY e(num, ord)
                                     WHERE e.num = 0 AND e.ord < key.ord)
                  ORDER BY ord) AS names) AS k
             WHERE i.indrelid = ?::oid AND i.indisvalid AND i.indpred IS NULL AND %s
            """
                .formatted(condition))
        .param(table)
        .query((rs, row) -> strings(rs, "names"))
        .list();
  }

  /** Whether a trigger is there, enabled or not. */
  public boolean hasTrigger(long table, String name) {
    return database
        .jdbc()
        .sql("SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = ?::oid AND tgname = ?)")
        .params(table, name)
        .query(Boolean.class)
        .single();
  }

  private static List<String> strings(ResultSet rs, String column) throws SQLException {
    @Nullable Array array = rs.getArray(column);
    return (array == null) ? List.of() : List.of((String[]) array.getArray());
  }
}
