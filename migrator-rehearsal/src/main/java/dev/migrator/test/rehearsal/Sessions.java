package dev.migrator.test.rehearsal;

import dev.migrator.test.TestDatabase;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections of the rehearsal's own. */
final class Sessions {

  private Sessions() {}

  /** A new connection at every call. */
  static DataSource of(TestDatabase database) {
    return named(database);
  }

  /** With the statements of a release prepared on the server at once, not at the fifth time. */
  static DataSource preparing(TestDatabase database) {
    PGSimpleDataSource dataSource = named(database);
    dataSource.setPrepareThreshold(1);
    // What the server says goes into the report, and its details have the values of rows.
    dataSource.setLogServerErrorDetail(false);
    return dataSource;
  }

  private static PGSimpleDataSource named(TestDatabase database) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(database.jdbcUrl());
    dataSource.setUser(database.username());
    dataSource.setPassword(database.password());
    dataSource.setApplicationName(Setup.SESSIONS);
    return dataSource;
  }
}
