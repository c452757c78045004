package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;

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
}
