package dev.migrator.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of its own, for a test that needs special settings or stops its server. Tests
 * that only need a database use {@link TestPostgres}.
 *
 * <p>The server ends, and its data is removed, when it is closed or the JVM ends.
 */
public final class TestServer implements AutoCloseable {

  static final String USER = "postgres";
  static final String PASSWORD = "postgres";

  private static final Logger log = LoggerFactory.getLogger(TestServer.class);

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "fsync", "off",
          "full_page_writes", "off",
          "synchronous_commit", "off",
          "max_connections", "200",
          "wal_level", "logical");

  /** Takes half as long as writing each page to the log, as 14 does it by itself. */
  private static final String COPY_OF_FILES = " STRATEGY file_copy";

  /** Ends only what would never come: databases are made and dropped within a second. */
  private static final String LIMIT = "3min";

  private final Backend backend;
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable Connection connection;
  private boolean templateUsed;

  private TestServer(Backend backend) {
    this.backend = backend;
    log.info("PostgreSQL for tests: {} on port {}", backend.kind(), backend.port());
  }

  /** What actually runs the server. */
  interface Backend {

    String kind();

    String host();

    int port();

    void stop();
  }

  /**
   * Starts a server of the kind that {@link TestPostgres} would start.
   *
   * @param settings configuration parameters, which win over the defaults of this class
   */
  public static TestServer start(Map<String, String> settings) {
    return DockerChoice.useDocker()
        ? new TestServer(DockerBackend.start(withDefaults(settings)))
        : embedded(settings);
  }

  /** Starts an embedded server on a free port. */
  public static TestServer embedded(Map<String, String> settings) {
    return embedded(0, settings);
  }

  /**
   * Starts an embedded server.
   *
   * @param port the port to listen on, 0 for a free one
   * @param settings configuration parameters, which win over the defaults of this class
   */
  public static TestServer embedded(int port, Map<String, String> settings) {
    return new TestServer(EmbeddedBackend.start(port, withDefaults(settings)));
  }

  private static Map<String, String> withDefaults(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(DEFAULTS);
    all.putAll(settings);
    return all;
  }

  /** Returns {@code docker} or {@code embedded}. */
  public String kind() {
    return backend.kind();
  }

  public String host() {
    return backend.host();
  }

  public int port() {
    return backend.port();
  }

  /** Returns the name of the superuser that all connections use. */
  public String username() {
    return USER;
  }

  public String password() {
    return PASSWORD;
  }

  /** Returns the URL of a database; {@code postgres} always exists. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
  }

  /** Returns a data source that opens a new connection at every call; there is no pool. */
  public DataSource dataSource(String database) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(jdbcUrl(database));
    dataSource.setUser(username());
    dataSource.setPassword(password());
    return dataSource;
  }

  /** Makes an empty database. */
  public TestDatabase newDatabase() {
    useTemplate();
    return createDatabase("template1");
  }

  /** Makes a copy of a database, to which nobody may be connected meanwhile. */
  public TestDatabase newDatabase(TestDatabase template) {
    return createDatabase(template.name());
  }

  /**
   * The first session in a database finds out, and writes into a file of it, what every session
   * begins with: that takes as long as a session itself. Copies of the files have it.
   */
  private synchronized void useTemplate() {
    if (!templateUsed) {
      try (Connection first = dataSource("template1").getConnection()) {
        templateUsed = first.isValid(1);
      } catch (SQLException ex) {
        throw new IllegalStateException("Test server has no template", ex);
      }
    }
  }

  private TestDatabase createDatabase(String template) {
    String name = "test_" + databases.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + template, COPY_OF_FILES);
    return new TestDatabase(this, name);
  }

  void execute(String sql) {
    execute(sql, "");
  }

  /**
   * By one connection, as a new one costs half as much as a database.
   *
   * @param since15 what is appended on PostgreSQL 15 and newer
   */
  private synchronized void execute(String sql, String since15) {
    try {
      if (connection == null || !connection.isValid(1)) {
        connection = dataSource("postgres").getConnection();
        try (Statement limit = connection.createStatement()) {
          limit.execute("SET statement_timeout = '" + LIMIT + "'");
        }
      }
      boolean newer = connection.getMetaData().getDatabaseMajorVersion() >= 15;
      try (Statement statement = connection.createStatement()) {
        statement.execute(newer ? sql + since15 : sql);
      }
    } catch (SQLException ex) {
      throw new IllegalStateException("Test server failed at: " + sql, ex);
    }
  }

  /** Stops the server and removes its data. */
  @Override
  public void close() {
    backend.stop();
  }

  @Override
  public String toString() {
    return kind() + " PostgreSQL on " + host() + ":" + port();
  }
}
