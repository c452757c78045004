package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import java.util.Collection;
import java.util.List;

/**
 * Whether a trigger may look at those updates only that name its columns: not where another BEFORE
 * ROW trigger can change one that the statement does not name.
 *
 * <p>A trigger of another change counts only where it has to do with the same columns. The catalog
 * knows those from its WHEN and its {@code OF}; one with neither may change any.
 */
public final class ForeignTriggers {

  /** Of table, prefix of the own names, own columns. */
  private static final String FOREIGN =
      """
      SELECT FROM pg_catalog.pg_trigger g
       -- Not by pg_partition_tree, which waits for the lock of every partition.
       WHERE g.tgrelid IN (
               WITH RECURSIVE tree(oid) AS (
                 SELECT %1$s
                 UNION ALL SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
               SELECT oid FROM tree)
         AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgtype & 19 = 19
         AND CASE WHEN NOT starts_with(g.tgname::text, %4$s) THEN true
                  WHEN g.tgrelid <> %1$s OR starts_with(g.tgname::text, %2$s) THEN false
                  ELSE (SELECT count(*) = 0 OR bool_or(d.refobjsubid = ANY (%3$s))
                          FROM pg_catalog.pg_depend d
                         WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = g.oid
                           AND d.refclassid = 'pg_catalog.pg_class'::regclass
                           AND d.refobjid = g.tgrelid AND d.refobjsubid > 0) END""";

  private final Database database;

  public ForeignTriggers(Database database) {
    this.database = database;
  }

  /**
   * Whether there is one, or has been one since ours were made, so that ours fire on every update.
   *
   * @param table the object id of the table
   * @param names whose triggers are none
   * @param columns those that are looked after
   * @param suffix how the name of ours ends
   * @param function the end of the name of the function that ours calls
   */
  public boolean mayChange(
      long table, ObjectNames names, Collection<String> columns, String suffix, String function) {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (%s)
                OR EXISTS (SELECT FROM pg_catalog.pg_trigger w
                             JOIN pg_catalog.pg_proc p ON p.oid = w.tgfoid
                            WHERE w.tgrelid = :table::oid AND w.tgname = :trigger
                              AND p.proname = :function AND w.tgattr::text = '')
            """
                .formatted(
                    foreign(
                        ":table::oid",
                        ":own::text",
                        """
                        ARRAY(SELECT a.attnum FROM pg_catalog.pg_attribute a
                               WHERE a.attrelid = :table::oid AND a.attname = ANY (:columns))""")))
        .param("table", table)
        .param("columns", columns.toArray(String[]::new))
        .param("own", names.trigger(""))
        .param("trigger", names.trigger(suffix))
        .param("function", names.function(function))
        .query(Boolean.class)
        .single();
  }

  /**
   * Our triggers, in all tables, that look at updates of their columns only although there is one.
   *
   * @param suffix how their names end
   */
  public List<Narrow> tooNarrow(String suffix) {
    return database
        .jdbc()
        .sql(
            """
            SELECT t.tgname::text, t.tgrelid, n.nspname::text, c.relname::text, t.tgenabled = 'A' AS always
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE starts_with(t.tgname::text, %s) AND right(t.tgname::text, length(%s)) = %s
               AND t.tgattr::text <> '' AND t.tgparentid = 0 AND EXISTS (%s)
            """
                .formatted(
                    Identifiers.literal(ObjectNames.PREFIX),
                    Identifiers.literal(suffix),
                    Identifiers.literal(suffix),
                    foreign(
                        "t.tgrelid",
                        "left(t.tgname::text, -length(%s))".formatted(Identifiers.literal(suffix)),
                        """
                        ARRAY(SELECT unnest(o.tgattr::int2[]) FROM pg_catalog.pg_trigger o
                               WHERE o.tgrelid = t.tgrelid
                                 AND starts_with(o.tgname::text, left(t.tgname::text, -length(%s))))"""
                            .formatted(Identifiers.literal(suffix)))))
        .query(
            (rs, row) ->
                new Narrow(
                    rs.getString("tgname"),
                    rs.getLong("tgrelid"),
                    Identifiers.quote(rs.getString("nspname"), rs.getString("relname")),
                    rs.getBoolean("always")))
        .list();
  }

  private static String foreign(String table, String own, String columns) {
    return FOREIGN.formatted(table, own, columns, Identifiers.literal(ObjectNames.PREFIX));
  }

  /**
   * A trigger that fires too seldom.
   *
   * @param name its name
   * @param table the object id of its table
   * @param quoted the table's name
   * @param always whether it fires on what replication applies as well
   */
  public record Narrow(String name, long table, String quoted, boolean always) {}
}
