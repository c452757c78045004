package dev.migrator.internal.engine;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Somebody who stands in the way for as long as the test wants. */
enum BlockingHolder {
  ROW_LOCK("SELECT 1 FROM users WHERE id = 1 FOR UPDATE"),
  READ("SELECT count(*) FROM users"),

  /** A row like the first, whatever columns there are at the time. */
  INSERT(
      """
      INSERT INTO users
      SELECT * FROM json_populate_record((SELECT u FROM users u WHERE id = 1), '{"id": -1}')
      """),

  /** On another table: only the build of an index waits for it. */
  OLD_SNAPSHOT("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM twin"),

  /**
   * Slow by its settings: a hundred milliseconds for each page. It was started by a person, so the
   * server does not end it for anybody, as it does with an autovacuum.
   */
  VACUUM(
      "SET vacuum_cost_delay = '100ms'",
      "SET vacuum_cost_limit = 1",
      "VACUUM (DISABLE_PAGE_SKIPPING, INDEX_CLEANUP off, TRUNCATE off) users");

  private final String[] statements;

  BlockingHolder(String... statements) {
    this.statements = statements;
  }

  /** Whether it keeps out who needs the whole table. */
  boolean locksTable() {
    return this != OLD_SNAPSHOT;
  }

  /** Whether it keeps out who writes every row. */
  boolean locksRow() {
    return this == ROW_LOCK;
  }

  String application() {
    return "blocker-" + name().toLowerCase(Locale.ROOT);
  }

  Held hold(TestDatabase database) throws SQLException {
    Connection connection = database.dataSource().getConnection();
    int pid;
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery("SELECT pg_backend_pid()")) {
      rs.next();
      pid = rs.getInt(1);
      statement.execute("SET application_name = '" + application() + "'");
    }
    CompletableFuture<Void> running = null;
    if (this == VACUUM) {
      running =
          CompletableFuture.runAsync(
              () -> {
                try (Statement statement = connection.createStatement()) {
                  for (String sql : statements) {
                    statement.execute(sql);
                  }
                } catch (SQLException ex) {
                  // Cancelled at the end.
                }
              });
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      Fixture.await(
          () ->
              jdbc.sql(
                      "SELECT count(*) FROM pg_stat_progress_vacuum WHERE pid = ? AND relid = 'users'::regclass")
                  .param(pid)
                  .query(Integer.class)
                  .single()
                  .equals(1),
          () -> "VACUUM to begin");
    } else {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }
    return new Held(connection, pid, running);
  }

  /** One that stands there now. */
  record Held(Connection connection, int pid, @Nullable CompletableFuture<Void> running) {

    void release() throws SQLException {
      if (running == null) {
        connection.rollback();
      } else {
        connection.unwrap(org.postgresql.PGConnection.class).cancelQuery();
        running.join();
      }
      connection.close();
    }
  }
}
