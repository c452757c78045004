package dev.migrator.internal.effect;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.PreparedQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads what one part of a transaction has written to the catalog: a row tells who wrote it. The
 * server counts for each table of the catalog what the transaction has written there, which tells
 * where to look, and whether something was removed, which leaves no row.
 */
final class ChangedObjects implements AutoCloseable {

  private static final String COLUMNS = "pg_attribute";

  /** Whose count stands for what, as far as rows are to be found there. */
  private static final List<String> TABLES =
      List.of(
          "pg_class",
          "pg_constraint",
          "pg_index",
          "pg_proc",
          "pg_type",
          "pg_trigger",
          "pg_policy",
          "pg_rewrite",
          COLUMNS);

  /** Nobody is as young as that. */
  private static final int NOBODY = Integer.MIN_VALUE;

  /**
   * What is removed leaves nothing that could be found, and what is updated in the last list gives
   * others another name or another member. A column that is added changes its table, too.
   */
  private static final String COUNTED =
      """
      counted AS MATERIALIZED (
        SELECT current_setting('track_counts')::boolean AS counts,
               (SELECT sum(pg_stat_get_xact_tuples_deleted(t))
                  FROM unnest('{pg_class, pg_attribute, pg_attrdef, pg_constraint, pg_index, pg_proc, pg_type, pg_enum, pg_trigger,
                                pg_policy, pg_rewrite, pg_namespace, pg_extension, pg_inherits, pg_depend}'::regclass[]) AS t)
               + (SELECT sum(pg_stat_get_xact_tuples_updated(t))
                    FROM unnest('{pg_attrdef, pg_type, pg_enum, pg_namespace, pg_extension, pg_inherits, pg_depend}'::regclass[]) AS t)
               + pg_stat_get_xact_tuples_inserted('pg_extension'::regclass) AS removed,
               <counts>
      )""";

  /** Named to the server as a few, which it then finds by an index. */
  private static final String CHANGED =
      """
      , found AS MATERIALIZED (
        SELECT ARRAY(SELECT n.oid FROM pg_class n WHERE <pg_class>
                      UNION ALL SELECT n.inhrelid FROM pg_inherits n WHERE age(n.xmin) < $1) AS classes,
               ARRAY(SELECT DISTINCT n.attrelid FROM pg_attribute n WHERE <pg_attribute>) AS attributes,
               ARRAY(SELECT n.oid FROM pg_constraint n WHERE <pg_constraint>) AS constraints,
               ARRAY(SELECT n.indexrelid FROM pg_index n WHERE <pg_index>) AS indexes,
               ARRAY(SELECT n.conindid FROM pg_constraint n WHERE <pg_constraint>) AS keys,
               ARRAY(SELECT n.oid FROM pg_proc n WHERE <pg_proc>) AS functions,
               ARRAY(SELECT n.oid FROM pg_type n WHERE <pg_type>
                      UNION ALL SELECT n.enumtypid FROM pg_enum n WHERE age(n.xmin) < $1) AS types,
               ARRAY(SELECT n.oid FROM pg_trigger n WHERE <pg_trigger>) AS triggers,
               ARRAY(SELECT n.oid FROM pg_policy n WHERE <pg_policy>) AS policies,
               ARRAY(SELECT n.oid FROM pg_rewrite n WHERE <pg_rewrite>) AS rules,
               ARRAY(SELECT n.oid FROM pg_namespace n WHERE age(n.xmin) < $1) AS spaces,
               ARRAY(SELECT n.oid FROM pg_extension n WHERE age(n.xmin) < $1) AS extensions
      ), changed AS MATERIALIZED (
        SELECT classes, classes || attributes AS attributes, constraints, classes || indexes || keys AS indexes,
               functions, types, triggers, policies, rules, spaces, extensions
          FROM found
      )""";

  private static final String COUNTS =
      """

      UNION ALL
      SELECT 'COUNTS', removed::text, '', <all>, counts::text, '', '', '', NULL, 2147483647 FROM counted
      """;

  private final PreparedQuery query;

  private List<Long> counts = Collections.nCopies(TABLES.size(), Long.MAX_VALUE);

  private long removed;

  /** In a transaction that finds names in {@code pg_catalog} only. */
  ChangedObjects(Database database) {
    this.query = new PreparedQuery(database, "integer" + ", bigint".repeat(TABLES.size()), sql());
    read(NOBODY);
  }

  private static String sql() {
    String which =
        (COUNTED + CHANGED)
            .replace(
                "<counts>",
                TABLES.stream().map(ChangedObjects::count).collect(Collectors.joining(", ")));
    for (int i = 0; i < TABLES.size(); i++) {
      which =
          which.replace(
              "<" + TABLES.get(i) + ">",
              "(SELECT counted.%s FROM counted) > $%d AND age(n.xmin) < $1"
                  .formatted(TABLES.get(i), i + 2));
    }
    String all = TABLES.stream().collect(Collectors.joining(" || ',' || "));
    return ImageReader.of(which, "age(a.xmin) < $1") + COUNTS.replace("<all>", all);
  }

  /** Columns come with a row of their table that is new as well, and is what they are found by. */
  private static String count(String table) {
    String inserted =
        table.equals(COLUMNS) ? "" : "pg_stat_get_xact_tuples_inserted('%1$s'::regclass) + ";
    return (inserted + "pg_stat_get_xact_tuples_updated('%1$s'::regclass) AS %1$s")
        .formatted(table);
  }

  /**
   * Reads what was written since it was read last.
   *
   * @param newest the age of the part of the transaction, or of the other transaction, that has
   *     written last what is known
   */
  Read read(int newest) {
    List<CatalogObject> objects = new ArrayList<>();
    boolean[] found = {true};
    int[] least = {newest};
    long removedBefore = removed;
    query.query(
        (rs, row) -> {
          String kind = rs.getString("kind");
          if (kind.equals("COUNTS")) {
            found[0] = found[0] && count(rs) && removed == removedBefore;
          } else if (kind.equals(ImageReader.GONE)) {
            found[0] = false;
          } else {
            objects.add(ImageReader.object(rs, kind));
          }
          least[0] = Math.min(least[0], rs.getInt("age"));
          return kind;
        },
        parameters(newest));
    return new Read(objects, found[0], least[0]);
  }

  private Number[] parameters(int newest) {
    List<Number> all = new ArrayList<>(List.of(newest));
    all.addAll(counts);
    return all.toArray(Number[]::new);
  }

  private boolean count(ResultSet rs) throws SQLException {
    removed = Long.parseLong(rs.getString("parent"));
    counts = Arrays.stream(rs.getString("identity").split(",")).map(Long::valueOf).toList();
    return rs.getString("shape").equals("true");
  }

  @Override
  public void close() {
    query.close();
  }

  /**
   * What was read.
   *
   * @param objects what is new or different
   * @param all whether that is all; not if something was removed, or has another name
   * @param newest the age of who has written last
   */
  record Read(List<CatalogObject> objects, boolean all, int newest) {}
}
