package dev.migrator.internal.sql;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/**
 * A query that the server plans once for many uses between other statements. The driver would have
 * it planned again behind each CREATE, ALTER and DROP, which takes longer than to run it. It stays
 * with the session until it is closed.
 */
public final class PreparedQuery implements AutoCloseable {

  private static final AtomicLong COUNTER = new AtomicLong();

  private final Database database;

  private final String name =
      "migrator_" + Long.toString(System.nanoTime(), 36) + COUNTER.incrementAndGet();

  /**
   * Prepares it, in a transaction.
   *
   * @param types of its parameters, with commas between; empty if it has none
   */
  public PreparedQuery(Database database, String types, String sql) {
    this.database = database;
    String declared = types.isEmpty() ? "" : " (" + types + ")";
    database.execute("PREPARE " + name + declared + " AS " + sql);
  }

  /** Runs it in the same transaction, by the same path to find names. */
  public <T extends @Nullable Object> List<T> query(RowMapper<T> mapper, Number... parameters) {
    String values =
        Arrays.stream(parameters).map(String::valueOf).collect(Collectors.joining(", "));
    return database.query(
        "EXECUTE " + name + (values.isEmpty() ? "" : " (" + values + ")"), mapper);
  }

  /** To be called in a transaction that has not failed. */
  @Override
  public void close() {
    database.execute("DEALLOCATE " + name);
  }
}
