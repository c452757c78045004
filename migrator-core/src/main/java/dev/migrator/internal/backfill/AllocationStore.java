package dev.migrator.internal.backfill;

import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.sql.Database;
import java.util.List;

/** Makes the chunks of a table, and forgets them. To be used in transactions. */
final class AllocationStore {

  private final Database database;

  AllocationStore(Database database) {
    this.database = database;
  }

  /**
   * Allocates the blocks of a table or partition, in place of what was allocated of it before. One
   * without a block has a chunk as well, which is finished: it is known to have been there.
   */
  void allocate(String migration, Leaf leaf, long blocks) {
    forget(migration, leaf.oid());
    database
        .jdbc()
        .sql(
            """
            WITH allocated AS (
              INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                          window_block, next_block, finished)
              SELECT :id, :relation, :source, :mark, first, coalesce(lead(first) OVER (ORDER BY first), :blocks),
                     first, first, :blocks = 0
                FROM unnest(:firsts::bigint[]) AS first
               ORDER BY first)
            UPDATE migrator.backfill SET blocks = blocks + :blocks WHERE migration_id = :id
            """)
        .param("id", migration)
        .param("relation", leaf.oid())
        .param("source", leaf.quoted())
        .param("mark", leaf.mark())
        .param("blocks", blocks)
        .param("firsts", ChunkSizes.firsts(blocks))
        .update();
  }

  /** Forgets the chunks of a table or partition, whoever owns them. */
  void forget(String migration, long relation) {
    database
        .jdbc()
        .sql(
            """
            WITH deleted AS (DELETE FROM migrator.chunk WHERE migration_id = :id AND relation = :relation
                             RETURNING end_block - first_block AS blocks, attempts)
            UPDATE migrator.backfill
               SET blocks = greatest(0, blocks - (SELECT coalesce(sum(blocks), 0) FROM deleted WHERE attempts = 0))
             WHERE migration_id = :id
            """)
        .param("id", migration)
        .param("relation", relation)
        .update();
  }

  /** The marks of the tables and partitions that have chunks. */
  List<String> marks(String migration) {
    return database
        .jdbc()
        .sql("SELECT DISTINCT mark FROM migrator.chunk WHERE migration_id = ?")
        .param(migration)
        .query(String.class)
        .list();
  }

  /**
   * Takes the chunks away from their owners. One whose range is being worked on is passed over.
   *
   * @return how many are left
   */
  long withdraw(String migration) {
    database
        .jdbc()
        .sql(
            """
            DELETE FROM migrator.chunk WHERE id IN (
              SELECT id FROM migrator.chunk WHERE migration_id = ? FOR UPDATE SKIP LOCKED)
            """)
        .param(migration)
        .update();
    return database
        .jdbc()
        .sql("SELECT count(*) FROM migrator.chunk WHERE migration_id = ?")
        .param(migration)
        .query(Long.class)
        .single();
  }
}
