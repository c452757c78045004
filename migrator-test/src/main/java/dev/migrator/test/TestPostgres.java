package dev.migrator.test;

import java.util.Map;

/**
 * Fresh databases on one PostgreSQL server per JVM, which starts at the first call and ends with
 * the JVM.
 *
 * <pre>{@code
 * try (TestDatabase database = TestPostgres.newDatabase();
 *     Connection connection = DriverManager.getConnection(
 *         database.jdbcUrl(), database.username(), database.password())) {
 *   // an empty database, which nobody else uses
 * }
 * }</pre>
 *
 * <p>The server is a Docker container where a Docker daemon answers, else an embedded server that
 * needs nothing installed. The system property {@code migrator.test.postgres}, or the environment
 * variable {@code MIGRATOR_TEST_POSTGRES}, chooses: {@code auto} (the default), {@code docker} or
 * {@code embedded}. The system property {@code migrator.test.postgres.version} is the major version
 * of the Docker image, 18 if absent; that of the embedded server is settled by the binaries on the
 * class path, and {@code migrator.test.postgres.data} is the directory for its data; without it
 * that is memory ({@code /dev/shm}) where 4 GB are free there, else the directory of temporary
 * files.
 *
 * <p>The server trades durability for speed and allows 200 connections and logical decoding.
 */
public final class TestPostgres {

  private TestPostgres() {}

  /** Makes an empty database. */
  public static TestDatabase newDatabase() {
    return server().newDatabase();
  }

  /** Makes a copy of a database, to which nobody may be connected meanwhile. */
  public static TestDatabase newDatabase(TestDatabase template) {
    return server().newDatabase(template);
  }

  /** Returns the server all these databases are on; closing it is left to the end of the JVM. */
  public static TestServer server() {
    return Shared.SERVER;
  }

  /** Starts the server when it is first asked for. */
  private static final class Shared {
    private static final TestServer SERVER = TestServer.start(Map.of());
  }
}
