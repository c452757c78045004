package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the rows of tables by logical replication.
 *
 * @param database the database
 */
public record Publications(Database database) {

  /** The clients of the slots that publications are read by, for people. */
  private static final String SLOTS =
      """
      SELECT string_agg(format('slot "%s" of %s', s.slot_name,
                               CASE WHEN a.pid IS NULL THEN 'a subscriber that is away'
                                    ELSE format('"%s" at %s', a.application_name,
                                                coalesce(host(a.client_addr), 'the server itself')) END),
                        ', ' ORDER BY s.slot_name)
        FROM pg_catalog.pg_replication_slots s
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
       WHERE s.database = current_database() AND s.plugin = 'pgoutput'
      """;

  /** Those of all tables, each with the slots that may read it; none without a slot. */
  public List<String> ofAllTables() {
    return list("p.puballtables", "", null);
  }

  /**
   * Those that send all columns of a table.
   *
   * @param table its object id
   */
  public List<String> of(long table) {
    // From 15 on a publication may list columns, which a new one does not belong to.
    return list(
        """
        EXISTS (WITH RECURSIVE tree(oid) AS (
                  -- A publication may name a partitioned table, or send its partitions.
                  SELECT :table::oid
                  UNION ALL SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
                SELECT FROM tree
                  JOIN pg_catalog.pg_class c ON c.oid = tree.oid
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                  JOIN pg_catalog.pg_publication_tables t
                    ON t.pubname = p.pubname AND t.tablename = c.relname AND t.schemaname = n.nspname)
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_rel r
                          WHERE r.prpubid = p.oid AND r.prrelid = :table::oid
                            AND to_jsonb(r) ->> 'prattrs' IS NOT NULL)
        """,
        "",
        table);
  }

  /** Those that send all tables of a schema, whichever there are. */
  public List<String> ofSchema(String schema, int serverVersion) {
    String ofSchema =
        serverVersion < 150000
            ? ""
            : " OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid AND n.nspname = :schema)";
    return list("(p.puballtables" + ofSchema + ")", schema, null);
  }

  /**
   * A table, or its partitions, whose rows the server would refuse to update as they are published:
   * each with the publication.
   *
   * @param table its object id
   */
  public List<String> withoutReplicaIdentity(long table) {
    if (!isAny()) {
      return List.of();
    }
    return database
        .jdbc()
        .sql(
            """
            WITH RECURSIVE tree(oid) AS (
              SELECT :table::oid
              UNION ALL SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
            SELECT DISTINCT format('%s.%s, whose updates %s publishes', n.nspname, c.relname, p.pubname)
              FROM tree
              JOIN pg_catalog.pg_class c ON c.oid = tree.oid AND c.relkind = 'r'
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN pg_catalog.pg_publication p
             WHERE p.pubupdate
               AND (c.relreplident = 'n'
                    OR (c.relreplident = 'd'
                        AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                                         WHERE i.indrelid = c.oid AND i.indisprimary))
                    OR (c.relreplident = 'i'
                        AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                                         WHERE i.indrelid = c.oid AND i.indisreplident)))
               AND (p.puballtables
                    OR EXISTS (SELECT FROM pg_catalog.pg_publication_tables t
                                 JOIN pg_catalog.pg_namespace s ON s.nspname = t.schemaname
                                 JOIN pg_catalog.pg_class x ON x.relnamespace = s.oid AND x.relname = t.tablename
                                WHERE t.pubname = p.pubname
                                  AND (x.oid = c.oid
                                       OR x.oid IN (SELECT relid FROM pg_catalog.pg_partition_ancestors(c.oid)))))
             ORDER BY 1
            """)
        .param("table", table)
        .query(String.class)
        .list();
  }

  /** Most databases have none, and to ask that takes a tenth of the time. */
  private boolean isAny() {
    return database
        .jdbc()
        .sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_publication)")
        .query(Boolean.class)
        .single();
  }

  private List<String> list(String condition, String schema, @Nullable Long table) {
    if (!isAny()) {
      return List.of();
    }
    return database
        .jdbc()
        .sql(
            """
            SELECT format('publication "%%s" (%%s)', p.pubname, s.slots)
              FROM pg_catalog.pg_publication p, (%s) AS s(slots)
             WHERE s.slots IS NOT NULL AND %s ORDER BY p.pubname
            """
                .formatted(SLOTS, condition))
        .param("schema", schema)
        .param("table", table)
        .query(String.class)
        .list();
  }
}
