package dev.migrator.internal.engine;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The registration of an instance that is under way: it holds its gate until it is committed.
 * Closed without that, it never was.
 */
final class Registration implements AutoCloseable {

  private final Connection connection;

  Registration(Fixture fixture) throws SQLException {
    connection = fixture.database().dataSource().getConnection();
    connection.setAutoCommit(false);
    execute("SELECT FROM migrator.lease WHERE name = 'registration' FOR SHARE");
  }

  /** What makes an instance called so a member, as it declares nothing, for as long. */
  static String sql(String name, String lease) {
    return sql(name, "1.0", lease, "{}");
  }

  private static String sql(String name, String release, String lease, String declares) {
    return """
        INSERT INTO migrator.instance (key, name, application, release, started_at, seen_at,
                                       expires_at, declares, mapped)
        VALUES (gen_random_uuid(), '%s', 'shop', '%s', now(), now(), now() + interval '%s',
                '%s', '[]')"""
        .formatted(name, release, lease, declares);
  }

  Registration of(String name) throws SQLException {
    return of(name, "1.0", "{}");
  }

  Registration of(String name, String release, String declares) throws SQLException {
    execute(sql(name, release, "1 hour", declares));
    return this;
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
