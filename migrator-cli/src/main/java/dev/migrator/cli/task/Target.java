package dev.migrator.cli.task;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The database of a command.
 *
 * @param url of JDBC
 * @param user {@code null} if the URL says it
 * @param password {@code null} if the URL says it, or none is needed
 */
public record Target(String url, @Nullable String user, @Nullable String password) {

  DataSource dataSource() {
    DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
    if (user != null) {
      dataSource.setUsername(user);
    }
    if (password != null) {
      dataSource.setPassword(password);
    }
    return dataSource;
  }

  /**
   * Looks whether it answers, so that a wrong address is one line and no stack of exceptions.
   *
   * @throws TaskException if it does not
   */
  DataSource connected() {
    DataSource dataSource = dataSource();
    try {
      dataSource.getConnection().close();
      return dataSource;
    } catch (SQLException ex) {
      throw new TaskException("the database cannot be reached: " + ex.getMessage());
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Target[url=%s, user=%s]".formatted(url.replaceFirst("\\?.*", ""), user);
  }
}
