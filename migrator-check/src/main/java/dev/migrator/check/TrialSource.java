package dev.migrator.check;

import dev.migrator.check.internal.effect.ServerTrial;
import dev.migrator.check.internal.effect.TextTrial;
import dev.migrator.check.internal.effect.Trial;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Where statements are tried. */
final class TrialSource implements AutoCloseable {

  private static final int NEWEST = 18;

  private static final String USED =
      """
      SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      """;

  private final Trial trial;

  private final @Nullable DataSource database;

  private final @Nullable TestDatabase own;

  private TrialSource(Trial trial, @Nullable DataSource database, @Nullable TestDatabase own) {
    this.trial = trial;
    this.database = database;
    this.own = own;
  }

  /** Where statements are tried; {@code null} if they are only read. */
  @Nullable DataSource database() {
    return database;
  }

  Trial trial() {
    return trial;
  }

  /** No server. */
  static TrialSource reading(Sizes sizes, @Nullable Integer version, List<String> notes) {
    notes.add("the files were only read, not tried: what depends on the catalog is not known");
    return new TrialSource(
        new TextTrial(sizes::hasTable, version == null ? NEWEST : version), null, null);
  }

  /** A server, if one can be had. */
  static TrialSource start(
      @Nullable DataSource given, Sizes sizes, @Nullable Integer version, List<String> notes) {
    if (given != null) {
      requireEmpty(given);
      return tried(given, null, sizes, version, notes);
    }
    TestDatabase database;
    try {
      database = TestPostgres.newDatabase();
    } catch (RuntimeException | LinkageError ex) {
      Throwable cause = ex;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      notes.add("no server could be started: " + cause);
      return reading(sizes, version, notes);
    }
    return tried(planningOnce(database), database, sizes, version, notes);
  }

  /**
   * The looks at the catalog are the same behind each statement. The driver would forget what it
   * has prepared whenever a file creates, alters or drops something, and to plan a look takes
   * longer than to look.
   */
  private static DataSource planningOnce(TestDatabase database) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(database.jdbcUrl() + "?flushCacheOnDdl=false&prepareThreshold=1");
    dataSource.setUser(database.username());
    dataSource.setPassword(database.password());
    return dataSource;
  }

  private static TrialSource tried(
      DataSource dataSource,
      @Nullable TestDatabase own,
      Sizes sizes,
      @Nullable Integer version,
      List<String> notes) {
    try {
      Trial trial = new ServerTrial(dataSource, own != null, sizes::hasTable);
      if (version != null && version != trial.version()) {
        notes.add(
            "tried on %s, but production has version %d: locks and work may differ; take a server of that version"
                .formatted(trial.server(), version));
      }
      return new TrialSource(trial, dataSource, own);
    } catch (SQLException ex) {
      if (own != null) {
        own.close();
      }
      throw new IllegalArgumentException("the database cannot be reached: " + ex.getMessage(), ex);
    }
  }

  /** Files are run there: nobody's tables are to be changed by mistake. */
  private static void requireEmpty(DataSource given) {
    try (Connection connection = given.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(USED)) {
      rs.next();
      if (rs.getLong(1) > 0) {
        throw new IllegalArgumentException(
            "the database has tables; the check changes what it runs on, and takes an empty one only");
      }
    } catch (SQLException ex) {
      throw new IllegalArgumentException("the database cannot be reached: " + ex.getMessage(), ex);
    }
  }

  @Override
  public void close() {
    trial.close();
    if (own != null) {
      own.close();
    }
  }
}
