package dev.migrator.test.rehearsal;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How large all tables are, with their indexes, and how far the server's log is.
 *
 * @param tables by their object ids, as a table that is renamed stays the same
 * @param wal bytes
 */
record TableSizes(Map<Long, Table> tables, long wal) {

  private static final String SQL =
      """
      SELECT c.oid, CASE WHEN n.nspname = 'public' THEN pg_catalog.quote_ident(c.relname)
                         ELSE pg_catalog.format('%I.%I', n.nspname, c.relname) END AS name,
             pg_catalog.pg_total_relation_size(c.oid) AS size
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
         AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator', 'pg_toast')
       ORDER BY name
      """;

  /** A table at one moment. */
  record Table(String name, long size) {}

  static TableSizes of(TestDatabase database) {
    try (Connection connection = Sessions.of(database).getConnection();
        Eye eye = new Eye(Sessions.of(database))) {
      Map<Long, Table> tables = new LinkedHashMap<>();
      Sql.list(
          connection,
          SQL,
          rs -> tables.put(rs.getLong("oid"), new Table(rs.getString("name"), rs.getLong("size"))));
      return new TableSizes(tables, eye.wal());
    } catch (SQLException ex) {
      throw new RehearsalException("the sizes of the tables cannot be read", ex);
    }
  }

  List<TableGrowth> growth(TableSizes later) {
    TreeSet<Long> all = new TreeSet<>(tables.keySet());
    all.addAll(later.tables.keySet());
    List<TableGrowth> growth = new ArrayList<>();
    for (Long oid : all) {
      Table before = tables.get(oid);
      Table after = later.tables.get(oid);
      long was = (before == null) ? 0 : before.size();
      long is = (after == null) ? 0 : after.size();
      if (was != is) {
        String name = (after != null) ? after.name() : (before != null) ? before.name() : "";
        growth.add(new TableGrowth(name, was, is));
      }
    }
    return growth;
  }
}
