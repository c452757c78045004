package dev.migrator.internal.operation.table;

import dev.migrator.internal.sql.Database;
import java.util.List;

/** Reads what depends on a table, and what foreign keys it has itself. */
final class TableDependents {

  /**
   * A table owns what goes with it: its type, indexes, constraints, triggers, policies, statistics
   * and sequences. What depends on one of them and is none of them would be broken. Nothing depends
   * on a publication's table by the catalog, but its subscribers do.
   */
  private static final String DEPENDENTS =
      """
      WITH RECURSIVE own(classid, objid) AS (
        SELECT 'pg_class'::regclass::oid, ?::oid
        UNION
        SELECT d.classid, d.objid FROM own o
          JOIN pg_depend d ON d.refclassid = o.classid AND d.refobjid = o.objid
         WHERE d.deptype IN ('a', 'i') AND d.classid <> 'pg_publication_rel'::regclass
      )
      SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS description
        FROM own o
        JOIN pg_depend d ON d.refclassid = o.classid AND d.refobjid = o.objid
       WHERE NOT EXISTS (SELECT FROM own WHERE own.classid = d.classid AND own.objid = d.objid)
       ORDER BY 1
      """;

  private static final String KEYS =
      """
      SELECT c.conname, pg_get_constraintdef(c.oid) AS definition, c.convalidated,
             quote_ident(n.nspname) || '.' || quote_ident(p.relname) AS parent,
             obj_description(c.oid, 'pg_constraint') AS comment
        FROM pg_constraint c
        JOIN pg_class p ON p.oid = c.confrelid JOIN pg_namespace n ON n.oid = p.relnamespace
       WHERE c.conrelid = ?::oid AND c.contype = 'f' AND c.confrelid <> c.conrelid
       ORDER BY c.conname
      """;

  private final Database database;

  TableDependents(Database database) {
    this.database = database;
  }

  /** The objects that would be broken without the table, as the server describes them. */
  List<String> of(long table) {
    return database.jdbc().sql(DEPENDENTS).param(table).query(String.class).list();
  }

  /** The foreign keys by which it refers to other tables. */
  List<OutgoingKey> keys(long table) {
    return database.andRollBack(
        () -> {
          database.execute("SET LOCAL search_path = pg_catalog");
          return database
              .jdbc()
              .sql(KEYS)
              .param(table)
              .query(
                  (rs, row) ->
                      new OutgoingKey(
                          rs.getString("conname"),
                          rs.getString("definition"),
                          rs.getBoolean("convalidated"),
                          rs.getString("parent"),
                          rs.getString("comment")))
              .list();
        });
  }
}
