package dev.migrator.backfill;

import dev.migrator.postgres.Database;
import dev.migrator.postgres.Identifiers;
import dev.migrator.postgres.RangeSql;
import dev.migrator.postgres.SqlState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;

/**
 * Finds out which rows a range failed on, by trying block by block and row by row and taking each
 * back. They are named by their keys; no other value leaves the database.
 */
final class UncarriedRows {

  private static final int BLOCKS = 256;

  private static final int ENOUGH = 20;

  /** What is locked by somebody else is passed over. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Database database;

  private final RangeSql sql;

  UncarriedRows(Database database, RangeSql sql) {
    this.database = database;
    this.sql = sql;
  }

  /** The rows of the first block and of some behind it, so that a person can mend more than one. */
  List<String> from(long first, long end) {
    List<String> uncarried = new ArrayList<>();
    long last = Math.min(end, first + BLOCKS);
    for (long block = first; block < last && uncarried.size() < ENOUGH; block++) {
      if (block == first || isAtFault(sql.update(block, block + 1))) {
        uncarried.addAll(ofBlock(block));
      }
    }
    return uncarried;
  }

  private boolean isAtFault(String update) {
    try {
      database.andRollBack(
          () -> {
            database.limits(PATIENCE, PATIENCE);
            database.execute(sql.mark());
            return database.update(update);
          });
      return false;
    } catch (DataAccessException ex) {
      return SqlState.isData(ex);
    }
  }

  private List<String> ofBlock(long block) {
    List<String[]> rows =
        database.inTransaction(
            () ->
                database.query(
                    sql.rows(block, key()),
                    (rs, row) -> new String[] {rs.getString("place"), rs.getString("key")}));
    List<String> uncarried = new ArrayList<>();
    for (String[] row : rows) {
      try {
        database.andRollBack(
            () -> {
              database.limits(PATIENCE, PATIENCE);
              database.execute(sql.mark());
              return database.update(sql.updateRow(row[0]));
            });
      } catch (DataAccessException ex) {
        if (SqlState.isData(ex)) {
          uncarried.add("%s (SQLSTATE %s)".formatted(row[1], SqlState.of(ex)));
        }
      }
    }
    return uncarried;
  }

  /** The primary key, or the place in the heap where there is none. */
  private String key() {
    List<String> columns =
        database
            .jdbc()
            .sql(
                """
                SELECT a.attname FROM pg_index i
                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                 WHERE i.indrelid = ?::oid AND i.indisprimary ORDER BY a.attnum
                """)
            .param(sql.table())
            .query(String.class)
            .list();
    return columns.isEmpty()
        ? "'ctid ' || ctid::text"
        : columns.stream()
            .map(it -> Identifiers.literal(it + "=") + " || " + Identifiers.quote(it) + "::text")
            .collect(Collectors.joining(" || ' ' || "));
  }
}
