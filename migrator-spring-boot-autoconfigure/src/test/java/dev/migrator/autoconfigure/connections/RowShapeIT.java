package dev.migrator.autoconfigure.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Pool;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.metadata.HikariDataSourcePoolMetadata;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Statements that a pool has prepared before a table gets a column. */
@ExtendWith(OutputCaptureExtension.class)
class RowShapeIT {

  private static final String STALE_PLAN = "cached plan must not change result type";

  private TestDatabase database;

  private ApplicationContextRunner contextRunner;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)").update();
    jdbc.sql("INSERT INTO users VALUES (1, 'Ada')").update();
    contextRunner =
        new ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class,
                    MigratorAutoConfiguration.class,
                    MigratorHikariAutoConfiguration.class,
                    MigratorPostgresqlAutoConfiguration.class))
            .withPropertyValues(DatabaseProperties.of(database))
            .withPropertyValues(
                "spring.datasource.hikari.maximum-pool-size=1",
                "migrator.release=1",
                "migrator.fleet.lease-time=30s",
                "migrator.fleet.heartbeat=200ms");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void aPreparedStatementFailsWhenTheConnectionStays() {
    contextRunner
        .withPropertyValues(
            "migrator.fleet.renew-connections=false", "migrator.fleet.protect-statements=false")
        .run(
            context -> {
              prepareStatement(context);
              addColumn();
              assertThatThrownBy(() -> selectInTransaction(context))
                  .hasMessageContaining(STALE_PLAN);
            });
  }

  @Test
  void noneFailsWhenTheConnectionsAreRenewed() {
    contextRunner.run(
        context -> {
          prepareStatement(context);
          int before = session(context);
          addColumn();
          Await.until(() -> session(context) != before);
          selectInTransaction(context);
        });
  }

  /** Nor is anything said of connections, as an index changes no row's shape. */
  @Test
  void nothingIsRenewedForAnIndex(CapturedOutput output) {
    contextRunner.run(
        context -> {
          int before = session(context);
          change(Migration.define("by-name").table("users").addIndex("users_by_name").on("name"));
          long beats = beats();
          Await.until(() -> beats() > beats + 2);
          assertThat(session(context)).isEqualTo(before);
          assertThat(output).doesNotContain("connections are renewed");
          addColumn();
          Await.until(() -> output.getOut().contains("connections are renewed"));
        });
  }

  /** How often the instance of the application has given a sign of life. */
  private long beats() {
    return JdbcClient.create(database.dataSource())
        .sql("SELECT beats FROM migrator.instance WHERE release = '1'")
        .query(Long.class)
        .single();
  }

  /** Also in a transaction that has begun before, on a connection that is in use all the time. */
  @Test
  void noneFailsOnAConnectionThatIsHeldMeanwhile() {
    contextRunner
        .withPropertyValues(
            "migrator.fleet.renew-connections=false",
            "spring.datasource.hikari.maximum-pool-size=3")
        .run(
            context -> {
              try (Connection held = context.getBean(DataSource.class).getConnection()) {
                held.setAutoCommit(false);
                for (int i = 0; i < 10; i++) {
                  selectAll(held);
                  held.commit();
                }
                held.createStatement().execute("SELECT 1");
                addColumn();
                selectAll(held);
                held.commit();
              }
            });
  }

  /** What was prepared before stays protected; what is opened afterwards costs nothing more. */
  @Test
  void theProtectionEnds() {
    contextRunner
        .withPropertyValues("spring.datasource.hikari.maximum-pool-size=2")
        .run(
            context -> {
              DataSource pool = context.getBean(DataSource.class);
              try (Connection held = pool.getConnection()) {
                addColumn();
                assertThat(autosave(held)).isEqualTo(AutoSave.CONSERVATIVE);
                Await.until(() -> autosaveOfNext(pool) == AutoSave.NEVER);
                assertThat(autosave(held)).isEqualTo(AutoSave.CONSERVATIVE);
              }
            });
  }

  @Test
  void aSettingOfTheUserStays() {
    contextRunner
        .withPropertyValues("spring.datasource.url=" + with("autosave=always"))
        .run(
            context -> {
              prepareStatement(context);
              addColumn();
              try (Connection connection = context.getBean(DataSource.class).getConnection()) {
                assertThat(autosave(connection)).isEqualTo(AutoSave.ALWAYS);
              }
            });
  }

  /** The insert of a JPA entity with an identity key, as the driver sends it. */
  @Test
  void anInsertThatReturnsGeneratedKeysDoesNotFail() {
    contextRunner
        .withPropertyValues("migrator.fleet.renew-connections=false")
        .run(
            context -> {
              for (int i = 0; i < 10; i++) {
                insert(context, i + 10);
              }
              addColumn();
              insert(context, 30);
            });
  }

  @Test
  void aPoolStaysWhatItIs() {
    contextRunner.run(
        context -> {
          assertThat(context).hasSingleBean(HikariDataSource.class);
          assertThat(
                  DataSourceUnwrapper.unwrap(
                      context.getBean(DataSource.class), HikariDataSource.class))
              .isNotNull();
          context.getBean(DataSource.class).getConnection().close();
          assertThat(
                  new HikariDataSourcePoolMetadata(context.getBean(HikariDataSource.class))
                      .getIdle())
              .as("what Spring Boot's metrics read")
              .isEqualTo(1);
        });
  }

  @Test
  void itsSessionsHaveANameOfTheirOwn() {
    contextRunner
        .withPropertyValues("spring.application.name=shop: neu")
        .run(context -> assertThat(sessionName(context)).matches("shop__neu-[0-9a-f]{8}"));
    contextRunner
        .withPropertyValues("spring.datasource.url=" + with("ApplicationName=mine"))
        .run(context -> assertThat(sessionName(context)).isEqualTo("mine"));
    contextRunner
        .withPropertyValues(
            "spring.datasource.hikari.data-source-properties.ApplicationName=mine too")
        .run(context -> assertThat(sessionName(context)).isEqualTo("mine too"));
  }

  private static String sessionName(ApplicationContext context) {
    return context
        .getBean(JdbcClient.class)
        .sql("SELECT current_setting('application_name')")
        .query(String.class)
        .single();
  }

  private static AutoSave autosaveOfNext(DataSource pool) {
    try (Connection connection = pool.getConnection()) {
      return autosave(connection);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static AutoSave autosave(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getAutosave();
  }

  private static void insert(ApplicationContext context, int id) throws SQLException {
    try (Connection connection = context.getBean(DataSource.class).getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO users (id, name) VALUES (?, 'x')", Statement.RETURN_GENERATED_KEYS)) {
        statement.setInt(1, id);
        statement.executeUpdate();
      }
      connection.commit();
    }
  }

  private String with(String setting) {
    return database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + setting;
  }

  /** The driver prepares a statement on the server when it meets it for the fifth time. */
  private static void prepareStatement(ApplicationContext context) throws SQLException {
    for (int i = 0; i < 10; i++) {
      selectInTransaction(context);
    }
  }

  private static void selectInTransaction(ApplicationContext context) throws SQLException {
    try (Connection connection = context.getBean(DataSource.class).getConnection()) {
      connection.setAutoCommit(false);
      selectAll(connection);
      connection.commit();
    }
  }

  private static void selectAll(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM users");
        ResultSet rows = statement.executeQuery()) {
      assertThat(rows.next()).isTrue();
    }
  }

  private static int session(ApplicationContext context) {
    return context
        .getBean(JdbcClient.class)
        .sql("SELECT pg_backend_pid()")
        .query(Integer.class)
        .single();
  }

  /** By an instance of the next release. */
  private void addColumn() {
    change(rename());
  }

  private void change(Migration migration) {
    try (HikariDataSource pool = Pool.of(database);
        Migrator next =
            Migrator.builder(pool)
                .settings(
                    MigratorSettings.builder()
                        .fleet(it -> it.leaseTime(Duration.ofSeconds(3)))
                        .build())
                .declare("next", migration)
                .build()) {
      next.prepare();
      next.start();
      Await.until(
          () -> next.status(migration.id()).orElseThrow().state() == MigrationStatus.State.REACHED,
          () -> String.valueOf(next.status(migration.id())));
    }
  }

  private static Migration rename() {
    return Migration.define("full-name").table("users").renameColumn("name", "full_name");
  }
}
