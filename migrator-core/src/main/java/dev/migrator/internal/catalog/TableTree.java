package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What only a table with partitions, with children or of a partitioned one has; most have none.
 *
 * @param root the partitioned table that it belongs to in the end, quoted; {@code null} if none
 * @param partitionKeys the columns that decide in which partition a row lies, at all depths
 * @param estimatedRows how many rows it has with all of them, as the server estimates
 */
record TableTree(@Nullable String root, List<String> partitionKeys, long estimatedRows) {

  TableTree {
    partitionKeys = List.copyOf(partitionKeys);
  }

  /** That of a table; empty if it is gone. */
  static Optional<TableTree> read(Database database, long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT (WITH RECURSIVE up(oid) AS (
                      SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid AND c.relispartition
                      UNION ALL SELECT i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.oid)
                    SELECT p.relnamespace::regnamespace || '.' || quote_ident(p.relname)
                      FROM up JOIN pg_class p ON p.oid = up.oid WHERE NOT p.relispartition) AS root,
                   CASE WHEN c.relkind = 'p' THEN ARRAY(
                     WITH RECURSIVE tree(oid) AS (
                       SELECT c.oid
                       UNION ALL SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid)
                     -- A column of the key, also one in an expression, depends on its table.
                     SELECT DISTINCT a.attname::text FROM tree p
                       JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = p.oid AND d.objsubid > 0
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = p.oid AND d.deptype = 'i'
                       JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = d.objsubid
                      ORDER BY 1) ELSE '{}'::text[] END AS partition_keys,
                   (WITH RECURSIVE tree(oid) AS (
                      SELECT c.oid
                      UNION ALL SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid)
                    SELECT sum(greatest(p.reltuples, 0)) FROM tree JOIN pg_class p ON p.oid = tree.oid
                     WHERE p.relkind <> 'p')::bigint AS estimated_rows
              FROM pg_class c WHERE c.oid = ?::oid
            """)
        .param(table)
        .query(
            (rs, row) ->
                new TableTree(
                    rs.getString("root"),
                    List.of((String[]) rs.getArray("partition_keys").getArray()),
                    rs.getLong("estimated_rows")))
        .optional();
  }
}
