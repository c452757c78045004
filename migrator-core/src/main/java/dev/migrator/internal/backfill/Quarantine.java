package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import java.util.List;

/**
 * The rows that could not be copied, by their keys. The message of an error can contain values, so
 * only its code is kept. To be used in transactions.
 */
public final class Quarantine {

  private final Database database;

  public Quarantine(Database database) {
    this.database = database;
  }

  void add(Chunk chunk, String migration, long block, String key, String sqlState) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.quarantine (migration_id, relation, source, mark, block, key, sqlstate)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (migration_id, relation, key) DO UPDATE
               SET mark = excluded.mark, block = excluded.block, sqlstate = excluded.sqlstate
            """)
        .params(migration, chunk.relation(), chunk.source(), chunk.mark(), block, key, sqlState)
        .update();
  }

  public long count(String migration) {
    return database
        .jdbc()
        .sql("SELECT count(*) FROM migrator.quarantine WHERE migration_id = ?")
        .param(migration)
        .query(Long.class)
        .single();
  }

  /** How many rows failed in which way, such as "3 with SQLSTATE 22P02". */
  List<String> states(String migration) {
    return database
        .jdbc()
        .sql(
            """
            SELECT count(*) || ' with SQLSTATE ' || sqlstate FROM migrator.quarantine
             WHERE migration_id = ? GROUP BY sqlstate ORDER BY count(*) DESC, sqlstate
            """)
        .param(migration)
        .query(String.class)
        .list();
  }

  /** The first rows, each by its key, its partition if it has one, and the code of its error. */
  public List<String> first(String migration, int most) {
    return database
        .jdbc()
        .sql(
            """
            SELECT q.key || CASE WHEN q.relation::text = b.ranges ->> 'table' THEN '' ELSE ' of ' || q.source END
                   || ' (SQLSTATE ' || q.sqlstate || ')'
              FROM migrator.quarantine q JOIN migrator.backfill b USING (migration_id)
             WHERE migration_id = ? ORDER BY q.relation, q.block, q.since, q.key LIMIT ?
            """)
        .params(migration, most)
        .query(String.class)
        .list();
  }

  /**
   * Forgets the rows, and allocates their blocks once more. A row that was not written since lies
   * where it lay. One that was written has been copied by that, or is found by the verification.
   */
  void release(String migration) {
    database
        .jdbc()
        .sql(
            """
            WITH deleted AS (DELETE FROM migrator.quarantine WHERE migration_id = :id
                             RETURNING relation, source, mark, block),
                 runs AS (SELECT relation, source, mark, block,
                                 block - row_number() OVER (PARTITION BY relation ORDER BY block) AS run
                            FROM (SELECT DISTINCT relation, source, mark, block FROM deleted) AS blocks)
            INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                        window_block, next_block)
            SELECT :id, relation, source, mark, min(block), max(block) + 1, min(block), min(block)
              FROM runs GROUP BY relation, source, mark, run
            """)
        .param("id", migration)
        .update();
  }

  void forget(String migration) {
    database
        .jdbc()
        .sql("DELETE FROM migrator.quarantine WHERE migration_id = ?")
        .param(migration)
        .update();
  }
}
