package dev.migrator.test;

import javax.sql.DataSource;

/**
 * A database made for a test.
 *
 * @param server the server it is on
 * @param name its name
 */
public record TestDatabase(TestServer server, String name) implements AutoCloseable {

  public String jdbcUrl() {
    return server.jdbcUrl(name);
  }

  public String username() {
    return server.username();
  }

  public String password() {
    return server.password();
  }

  /** Returns a data source that opens a new connection at every call; there is no pool. */
  public DataSource dataSource() {
    return server.dataSource(name);
  }

  /** Drops the database and ends the connections to it. Does nothing if it does not exist. */
  public void drop() {
    server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  /** Same as {@link #drop()}. */
  @Override
  public void close() {
    drop();
  }
}
