package dev.migrator.internal.operation.column;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an index or a constraint has beyond its definition.
 *
 * @param indexComment the comment of the index
 * @param constraintComment the comment of the constraint
 * @param statistics the statistics targets of the expressions of an index, by their place in it
 * @param clustered whether the table is clustered by the index
 */
record ObjectDetails(
    @Nullable String indexComment,
    @Nullable String constraintComment,
    Map<Integer, Integer> statistics,
    boolean clustered) {

  static final ObjectDetails NONE = new ObjectDetails(null, null, Map.of(), false);

  ObjectDetails {
    statistics = Map.copyOf(statistics);
  }

  boolean isEmpty() {
    return equals(NONE);
  }

  /** An index and a constraint that is not its own may have one name. */
  ObjectDetails of(DependentObject.Kind kind) {
    return switch (kind) {
      case UNIQUE_CONSTRAINT -> this;
      case INDEX -> new ObjectDetails(indexComment, null, statistics, clustered);
      case CHECK, FOREIGN_KEY -> new ObjectDetails(null, constraintComment, Map.of(), false);
    };
  }

  /** What gives them to an object, once it has its name. */
  List<String> statements(String table, IndexName index) {
    List<String> sql = new ArrayList<>();
    if (indexComment != null) {
      sql.add(
          "COMMENT ON INDEX %s IS %s".formatted(index.quoted(), Identifiers.literal(indexComment)));
    }
    if (constraintComment != null) {
      sql.add(
          "COMMENT ON CONSTRAINT %s ON %s IS %s"
              .formatted(
                  Identifiers.quote(index.name()), table, Identifiers.literal(constraintComment)));
    }
    new TreeMap<>(statistics)
        .forEach(
            (place, target) ->
                sql.add(
                    "ALTER INDEX %s ALTER COLUMN %d SET STATISTICS %d"
                        .formatted(index.quoted(), place, target)));
    if (clustered) {
      sql.add("ALTER TABLE %s CLUSTER ON %s".formatted(table, Identifiers.quote(index.name())));
    }
    return sql;
  }

  /** Those of all indexes and constraints of a table, by their names. */
  static Map<String, ObjectDetails> of(Database database, long table) {
    Map<String, ObjectDetails> details = new HashMap<>();
    List<Map.Entry<String, ObjectDetails>> entries =
        database
            .jdbc()
            .sql(
                """
            SELECT coalesce(i.name, c.name) AS name, i.comment AS index_comment, c.comment AS constraint_comment,
                   coalesce(i.clustered, false) AS clustered, i.places, i.targets
              FROM (SELECT r.relname::text AS name, obj_description(r.oid, 'pg_class') AS comment,
                           x.indisclustered AS clustered,
                           ARRAY(SELECT a.attnum::int FROM pg_attribute a
                                  WHERE a.attrelid = r.oid AND a.attstattarget >= 0 ORDER BY a.attnum) AS places,
                           ARRAY(SELECT a.attstattarget::int FROM pg_attribute a
                                  WHERE a.attrelid = r.oid AND a.attstattarget >= 0 ORDER BY a.attnum) AS targets
                      FROM pg_index x JOIN pg_class r ON r.oid = x.indexrelid
                     WHERE x.indrelid = :table::oid) AS i
              FULL JOIN (SELECT conname::text AS name, obj_description(oid, 'pg_constraint') AS comment
                           FROM pg_constraint WHERE conrelid = :table::oid AND contype IN ('c', 'f', 'u')) AS c
                ON c.name = i.name
            """)
            .param("table", table)
            .query((rs, row) -> entry(rs))
            .list();
    entries.forEach(it -> details.put(it.getKey(), it.getValue()));
    return details;
  }

  private static Map.Entry<String, ObjectDetails> entry(ResultSet rs) throws SQLException {
    Map<Integer, Integer> statistics = new HashMap<>();
    if (rs.getArray("places") != null) {
      Integer[] places = (Integer[]) rs.getArray("places").getArray();
      Integer[] targets = (Integer[]) rs.getArray("targets").getArray();
      for (int i = 0; i < places.length; i++) {
        statistics.put(places[i], targets[i]);
      }
    }
    return Map.entry(
        rs.getString("name"),
        new ObjectDetails(
            rs.getString("index_comment"),
            rs.getString("constraint_comment"),
            statistics,
            rs.getBoolean("clustered")));
  }
}
