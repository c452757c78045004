package dev.migrator.benchmarks;

import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;

/** The CPU time that a server's process has used, as the scheduler of Linux counts it. */
final class ServerCpu {

  private static final double NANOS_OF_A_MICRO = 1_000;

  private ServerCpu() {}

  /**
   * Updates random rows on a connection of its own. Commits do not wait for the disk: the CPU time
   * of waiting depends on what else runs, and would make every ratio look better.
   */
  static double microsOfOne(TestDatabase database, String update, int rows, int updates) {
    try (Connection connection = withoutWaiting(database);
        PreparedStatement statement = connection.prepareStatement(update)) {
      Path stat = Path.of("/proc", String.valueOf(backend(connection)), "schedstat");
      run(statement, rows, Math.max(20, updates / 10));
      long before = nanos(stat);
      run(statement, rows, updates);
      return (nanos(stat) - before) / NANOS_OF_A_MICRO / updates;
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static Connection withoutWaiting(TestDatabase database) throws SQLException {
    Connection connection = database.dataSource().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
    }
    return connection;
  }

  private static void run(PreparedStatement statement, int rows, int updates) throws SQLException {
    for (int i = 0; i < updates; i++) {
      statement.setLong(1, 1 + ThreadLocalRandom.current().nextInt(rows));
      statement.executeUpdate();
    }
  }

  private static int backend(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** The first field is the time on a CPU. */
  private static long nanos(Path stat) {
    try {
      return Long.parseLong(Files.readString(stat).split(" ")[0]);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }
}
