package dev.migrator.diff;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Refuses a {@code DataSource} of the application that leads to another PostgreSQL database than
 * the one for the comparison, before anything uses it: its migrations would run there.
 */
final class TrialDatabaseGuard implements BeanPostProcessor {

  private static final String FOUND =
      """
      SELECT pg_catalog.current_database() AS name, pg_catalog.shobj_description(oid, 'pg_database') AS mark
        FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
      """;

  private final String mark = "migrator-diff " + UUID.randomUUID();

  TrialDatabaseGuard(TestDatabase database) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("COMMENT ON DATABASE %s IS '%s'".formatted(database.name(), mark));
    } catch (SQLException ex) {
      throw new IllegalStateException("the database for the comparison cannot be marked", ex);
    }
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof DataSource dataSource) {
      require(dataSource, beanName);
    }
    return bean;
  }

  private void require(DataSource dataSource, String bean) {
    String other = null;
    try (Connection connection = dataSource.getConnection()) {
      if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
        try (Statement statement = connection.createStatement();
            ResultSet rs = statement.executeQuery(FOUND)) {
          rs.next();
          other = mark.equals(rs.getString("mark")) ? null : rs.getString("name");
        }
      }
    } catch (SQLException | RuntimeException ex) {
      return; // Nothing can be run by what does not connect.
    }
    if (other != null) {
      throw new IllegalStateException(
          "the DataSource bean \"%s\" leads to the database \"%s\" and not to the one for the comparison; nothing was run there. Let it take spring.datasource.url, or give the application a profile for the comparison, such as --spring.profiles.active=diff"
              .formatted(bean, other));
    }
  }
}
