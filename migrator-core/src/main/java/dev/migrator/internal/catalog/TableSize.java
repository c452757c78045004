package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import java.util.Collection;

/** How much a table has on disk, its partitions included. It needs no privilege on its rows. */
public record TableSize(Database database) {

  /** How much its rows have on disk, without indexes and without what is stored apart. */
  public long bytes(long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(sum(pg_catalog.pg_relation_size(oid)), 0)
              FROM (SELECT :table::oid AS oid
                     UNION SELECT relid FROM pg_catalog.pg_partition_tree(:table::oid)) AS t
            """)
        .param("table", table)
        .query(Long.class)
        .single();
  }

  /** How many blocks the table's heap has at this moment; none if there is no such table. */
  public long blocks(long table) {
    return database
        .jdbc()
        .sql(
            "SELECT coalesce(pg_catalog.pg_relation_size(?::oid), 0) / pg_catalog.current_setting('block_size')::bigint")
        .param(table)
        .query(Long.class)
        .single();
  }

  /**
   * Whether it has no block, so that no row was ever written to it since it was made or emptied.
   */
  public boolean isZero(long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(sum(pg_catalog.pg_relation_size(oid)), 0) = 0
              FROM (SELECT :table::oid AS oid
                     UNION SELECT relid FROM pg_catalog.pg_partition_tree(:table::oid)) AS t
            """)
        .param("table", table)
        .query(Boolean.class)
        .single();
  }

  /** Whether any of some relations is anything else than a table that has no block. */
  public boolean isAnyUsed(Collection<Long> relations) {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_class c
               WHERE c.oid = ANY (?::oid[])
                 AND (c.relkind NOT IN ('r', 'p')
                      OR pg_catalog.pg_relation_size(c.oid) > 0
                      OR EXISTS (SELECT FROM pg_catalog.pg_partition_tree(c.oid) t
                                  WHERE pg_catalog.pg_relation_size(t.relid) > 0)))
            """)
        .param(relations.toArray(Long[]::new))
        .query(Boolean.class)
        .single();
  }
}
