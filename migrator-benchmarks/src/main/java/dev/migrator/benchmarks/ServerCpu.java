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

/** The CPU time that a server's process has used, as Linux counts it, in hundredths of a second. */
final class ServerCpu {

  private static final double MICROS = 10_000;

  private ServerCpu() {}

  /**
   * Updates random rows on a connection of its own. Commits do not wait for the disk: the CPU time
   * of waiting depends on what else runs, and would make every ratio look better.
   */
  static double microsOfOne(TestDatabase database, String update, int rows, int updates) {
    try (Connection connection = withoutWaiting(database);
        PreparedStatement statement = connection.prepareStatement(update)) {
      Path stat = Path.of("/proc", String.valueOf(backend(connection)), "stat");
      run(statement, rows, Math.max(20, updates / 20));
      long before = ticks(stat);
      run(statement, rows, updates);
      return (ticks(stat) - before) * MICROS / updates;
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

  /** The fields behind the name of the process: the twelfth is user time, then system time. */
  private static long ticks(Path stat) {
    try {
      String line = Files.readString(stat);
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }
}
