package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.flywaydb.core.Flyway;

/** One start in a JVM of its own, which says how many milliseconds it took. */
public final class ColdStart {

  private static final Logger LIQUIBASE_LOG = Logger.getLogger("liquibase");

  /** Lies in a folder of its own below the files, so that the others do not meet it. */
  static final String LIQUIBASE_CHANGELOG = "liquibase/changelog.yaml";

  private ColdStart() {}

  /**
   * Runs it.
   *
   * @param args what starts ({@code query}, {@code migrator}, {@code flyway}, {@code liquibase} or
   *     {@code lead}), URL, user, password, and the folder of the files or {@code -}
   * @throws SQLException if the database cannot be reached
   * @throws InterruptedException if it is ended
   */
  public static void main(String[] args) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(args[1]);
    pool.setUsername(args[2]);
    pool.setPassword(args[3]);
    pool.setMaximumPoolSize(4);
    pool.setMinimumIdle(0);
    switch (args[0]) {
      case "query" -> query(pool);
      case "migrator" -> migrator(pool, args[4]).prepare();
      case "flyway" -> flyway(pool, args[4]).migrate();
      case "liquibase" -> liquibase(pool, args[4]);
      case "lead" -> lead(pool);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println((System.nanoTime() - start) / 1_000_000);
    System.exit(0);
  }

  private static void query(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery("SELECT 1")) {
      rs.next();
    }
  }

  static Migrator migrator(HikariDataSource pool, String folder) {
    MigratorBuilder builder = Migrator.builder(pool);
    if (folder.equals("-")) {
      builder.declare("c", Migration.define("c").table("c").renameColumn("a", "b").switchRead());
    } else {
      builder.sqlFiles("file:" + folder);
    }
    return builder.build();
  }

  static Flyway flyway(HikariDataSource pool, String folder) {
    return Flyway.configure()
        .dataSource(pool)
        .locations("filesystem:" + folder)
        .sqlMigrationPrefix("")
        .sqlMigrationSeparator("_")
        .load();
  }

  /** Without reports to its maker and a line for each file, which would cost it time. */
  static void liquibase(HikariDataSource pool, String folder) {
    LIQUIBASE_LOG.setLevel(Level.WARNING);
    Map<String, Object> quiet =
        Map.of("ui", new LoggerUIService(), "liquibase.analytics.enabled", false);
    try (Connection connection = pool.getConnection();
        Liquibase liquibase =
            new Liquibase(
                LIQUIBASE_CHANGELOG,
                new DirectoryResourceAccessor(Path.of(folder)),
                DatabaseFactory.getInstance()
                    .findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
      liquibase.setShowSummary(UpdateSummaryEnum.OFF);
      Scope.child(quiet, () -> liquibase.update(new Contexts(), new LabelExpression()));
    } catch (Exception ex) {
      throw new IllegalStateException(ex);
    }
  }

  /** Works until it is killed. */
  private static void lead(HikariDataSource pool) throws InterruptedException {
    Migrator migrator = Bench.migrator(pool, dev.migrator.settings.BackfillSettings.defaults());
    migrator.prepare();
    migrator.start();
    Thread.sleep(Long.MAX_VALUE);
  }
}
