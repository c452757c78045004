package dev.migrator.test.rehearsal;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What tests ask a database. */
final class Databases {

  private Databases() {}

  /** One whose sessions break off where they would wait without end. */
  static DataSource impatient(TestDatabase database) {
    PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
    dataSource.setSocketTimeout(20);
    return dataSource;
  }

  static void execute(TestDatabase database, String sql) {
    try (Connection connection = database.dataSource().getConnection()) {
      Sql.execute(connection, sql);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  static List<String> list(TestDatabase database, String sql) {
    try (Connection connection = database.dataSource().getConnection()) {
      return Sql.list(connection, sql, rs -> rs.getString(1));
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  static String value(TestDatabase database, String sql) {
    return String.join(",", list(database, sql));
  }
}
