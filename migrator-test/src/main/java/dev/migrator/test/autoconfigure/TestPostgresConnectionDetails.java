package dev.migrator.test.autoconfigure;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** A new database, dropped behind the pool that uses it. */
final class TestPostgresConnectionDetails implements JdbcConnectionDetails, AutoCloseable {

  private final TestDatabase database = TestPostgres.newDatabase();

  @Override
  public String getJdbcUrl() {
    return database.jdbcUrl();
  }

  @Override
  public String getUsername() {
    return database.username();
  }

  @Override
  public String getPassword() {
    return database.password();
  }

  @Override
  public void close() {
    database.close();
  }
}
