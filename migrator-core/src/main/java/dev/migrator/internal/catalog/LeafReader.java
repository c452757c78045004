package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds where the rows of a table lie. Reads only the catalog: the server's own function would lock
 * each partition, and wait for each that is locked.
 */
public final class LeafReader {

  /**
   * The table and its partitions at all depths. The row that attaches a partition is a new one each
   * time, so the transaction that wrote it distinguishes one attachment from another.
   */
  static final String TREE =
      """
      WITH RECURSIVE tree(oid, attachment) AS (
        SELECT c.oid, c.oid::text FROM pg_class c WHERE c.oid = :table::oid
        UNION ALL
        SELECT i.inhrelid, i.inhrelid || substr(t.attachment, length(t.oid::text) + 1) || '/' || i.xmin
          FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid AND NOT i.inhdetachpending)
      """;

  private static final String MARK_OF_TABLE =
      "(SELECT r.oid || ':' || r.relfilenode FROM pg_class r WHERE r.oid = :relation::oid)";

  private static final String MARK_OF_PARTITION =
      """
      (WITH RECURSIVE up(oid, attachment) AS (
         SELECT :relation::oid, ''
         UNION ALL
         SELECT i.inhparent, '/' || i.xmin || u.attachment
           FROM up u JOIN pg_inherits i ON i.inhrelid = u.oid AND NOT i.inhdetachpending)
       SELECT r.oid || u.attachment || ':' || r.relfilenode
         FROM up u, pg_class r WHERE u.oid = :table::oid AND r.oid = :relation::oid)
      """;

  /**
   * {@link Leaf#mark} of one of them as an expression of the parameters {@code relation} and {@code
   * table}. It is asked for with each range, and the table itself hangs on nothing.
   *
   * @param table the object id of the table
   * @param relation that of the one of them
   */
  public static String markOf(long table, long relation) {
    return (table == relation) ? MARK_OF_TABLE : MARK_OF_PARTITION;
  }

  private final Database database;

  public LeafReader(Database database) {
    this.database = database;
  }

  /** Where the rows of a table lie now. Most have no partitions, and need no look for any. */
  public List<Leaf> of(long table) {
    Optional<Alone> found =
        database
            .jdbc()
            .sql(
                """
                SELECT c.oid, (SELECT n.nspname FROM pg_namespace n WHERE n.oid = c.relnamespace) AS nspname,
                       c.relname, c.relfilenode, c.oid::text AS attachment,
                       c.relkind = 'p' OR c.relhassubclass AS parent
                  FROM pg_class c WHERE c.oid = ?::oid
                """)
            .param(table)
            .query((rs, row) -> new Alone(leaf(rs, row), rs.getBoolean("parent")))
            .optional();
    return found.map(it -> it.parent ? ofTree(table) : List.of(it.leaf)).orElse(List.of());
  }

  private List<Leaf> ofTree(long table) {
    return database
        .jdbc()
        .sql(
            TREE
                + """
                SELECT c.oid, n.nspname, c.relname, c.relfilenode, t.attachment
                  FROM tree t JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind <> 'p' ORDER BY c.oid
                """)
        .param("table", table)
        .query(LeafReader::leaf)
        .list();
  }

  /** The mark of one of them; empty if rows of the table do not lie there, or not any longer. */
  public Optional<String> mark(long table, long leaf) {
    return database
        .jdbc()
        .sql(
            "SELECT mark FROM (SELECT "
                + markOf(table, leaf)
                + " AS mark) AS m WHERE mark IS NOT NULL")
        .param("table", table)
        .param("relation", leaf)
        .query(String.class)
        .optional();
  }

  /**
   * Which of these triggers are missing or do not fire for ordinary sessions, and where. A row
   * trigger is fired by the partition in which the row lies, independent of the table. One of them
   * that has an argument names another one of which the same is asked. None of a table that does
   * not exist.
   */
  public List<String> inactiveTriggers(long table, Collection<String> names) {
    return database
        .jdbc()
        .sql(
            TREE
                + """
                SELECT n.name || CASE WHEN c.oid = :table::oid THEN ''
                                      ELSE ' on ' || c.relnamespace::regnamespace || '.' || quote_ident(c.relname) END
                  FROM tree t JOIN pg_class c ON c.oid = t.oid,
                       LATERAL (SELECT unnest(:names::text[])
                                UNION SELECT split_part(encode(g.tgargs, 'escape'), chr(92), 1) FROM pg_trigger g
                                 WHERE g.tgrelid = c.oid AND g.tgname = ANY (:names::text[]) AND g.tgnargs > 0) AS n(name)
                 WHERE c.relkind <> 'p'
                   AND NOT EXISTS (SELECT FROM pg_trigger g
                                    WHERE g.tgrelid = c.oid AND g.tgname = n.name AND g.tgenabled IN ('O', 'A'))
                 ORDER BY 1 LIMIT 20
                """)
        .param("table", table)
        .param("names", names.toArray(String[]::new))
        .query(String.class)
        .list();
  }

  /** Whether the table is still there; no partition of one that is gone has a row left to do. */
  public boolean exists(long table) {
    return database
        .jdbc()
        .sql("SELECT EXISTS (SELECT FROM pg_class WHERE oid = ?::oid)")
        .param(table)
        .query(Boolean.class)
        .single();
  }

  /** A table itself, and whether it has others below it. */
  private record Alone(Leaf leaf, boolean parent) {}

  private static Leaf leaf(ResultSet rs, int row) throws SQLException {
    return new Leaf(
        rs.getLong("oid"),
        Identifiers.quote(rs.getString("nspname"), rs.getString("relname")),
        rs.getString("attachment"),
        rs.getLong("relfilenode"));
  }
}
