package dev.migrator.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server unpacked from the class path, with its data in a {@link DataDirectory}. */
final class EmbeddedBackend implements TestServer.Backend {

  private static final int ATTEMPTS = 3;

  private final EmbeddedPostgres postgres;
  private final @Nullable EmbeddedWatchdog watchdog;

  private EmbeddedBackend(EmbeddedPostgres postgres, @Nullable EmbeddedWatchdog watchdog) {
    this.postgres = postgres;
    this.watchdog = watchdog;
  }

  /** Tries again on another port if somebody takes the free one before the server has it. */
  static EmbeddedBackend start(int port, Map<String, String> settings) {
    for (int attempt = 1; ; attempt++) {
      try {
        return tryStart(port, settings, attempt == 1);
      } catch (IOException ex) {
        if (port != 0 || attempt == ATTEMPTS) {
          throw new UncheckedIOException("Cannot start an embedded PostgreSQL", ex);
        }
      }
    }
  }

  /**
   * Starts it.
   *
   * @param copies whether its data may be a copy, which nobody has looked into
   */
  private static EmbeddedBackend tryStart(int port, Map<String, String> settings, boolean copies)
      throws IOException {
    if (port != 0) {
      new ServerSocket(port).close(); // Fails at once with the reason if the port is taken.
    }
    Path data = DataDirectory.create();
    EmbeddedWatchdog watchdog = EmbeddedWatchdog.start(data);
    boolean started = false;
    try {
      // Without a watchdog, nobody removes it for certain but those who have made it.
      boolean copied = copies && watchdog != null && DataTemplate.copyTo(data, binaries());
      EmbeddedPostgres.Builder builder =
          builder(data, binaries())
              .setCleanDataDirectory(!copied)
              .setPort(port)
              // The watchdog comes after all that ends with the JVM, and may need its database.
              .setRegisterShutdownHook(watchdog == null);
      settings.forEach((name, value) -> builder.setServerConfig(name, quoted(value)));
      EmbeddedPostgres postgres = builder.start();
      if (!owns(postgres, data)) {
        postgres.close();
        throw new IOException("Another server answers on port " + postgres.getPort());
      }
      started = true;
      return new EmbeddedBackend(postgres, watchdog);
    } finally {
      if (!started && watchdog != null) {
        watchdog.end();
      }
    }
  }

  static EmbeddedPostgres.Builder builder(Path data, Path servers) {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(servers.toFile())
        .setDataDirectory(data)
        .setLocaleConfig("locale", "C")
        .setConnectConfig("loginTimeout", "5") // The process on that port may never answer.
        .setPGStartupWait(Duration.ofSeconds(30));
  }

  /** Keeps the unpacked servers apart by user, who may not write each other's files. */
  private static Path binaries() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "migrator-test-postgres-" + System.getProperty("user.name"));
  }

  /** The settings pass through a shell. */
  private static String quoted(String value) {
    return value.matches("[\\w.,:/+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
  }

  /** Distinguishes this server from that of another JVM with the same port. */
  private static boolean owns(EmbeddedPostgres postgres, Path data) throws IOException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      return Path.of(rows.getString(1)).toRealPath().equals(data.toRealPath());
    } catch (SQLException ex) {
      throw new IOException(ex);
    }
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public String host() {
    return "localhost";
  }

  @Override
  public int port() {
    return postgres.getPort();
  }

  @Override
  public void stop() {
    try {
      postgres.close();
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
    if (watchdog != null) {
      watchdog.end();
    }
  }
}
