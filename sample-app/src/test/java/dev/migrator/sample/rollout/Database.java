package dev.migrator.sample.rollout;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** The PostgreSQL that all releases share, and the users that exist from the beginning. */
final class Database implements AutoCloseable {

  private final TestServer server;

  private final TestDatabase database;

  private Database(TestServer server) {
    this.server = server;
    this.database = server.newDatabase();
  }

  static Database start() {
    return new Database(TestServer.embedded(Map.of("shared_buffers", "256MB")));
  }

  /** What an instance needs to know, as environment variables. */
  Map<String, String> environment() {
    return Map.of(
        "SPRING_DATASOURCE_URL", database.jdbcUrl(),
        "SPRING_DATASOURCE_USERNAME", database.username(),
        "SPRING_DATASOURCE_PASSWORD", database.password());
  }

  Connection connect() throws SQLException {
    return database.dataSource().getConnection();
  }

  void load(int users) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          insert into users (name, email)
          select 'User ' || n, 'user' || n || '@example.org' from generate_series(1, %d) n
          """
              .formatted(users));
      // As in a table that has been in use for long.
      statement.execute("vacuum analyze users");
    }
  }

  static String loadedName(long user) {
    return "User " + user;
  }

  static String loadedEmail(long user) {
    return "user" + user + "@example.org";
  }

  @Override
  public void close() {
    server.close();
  }
}
