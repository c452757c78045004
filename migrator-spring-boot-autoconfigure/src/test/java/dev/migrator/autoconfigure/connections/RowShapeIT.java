package dev.migrator.autoconfigure.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
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
            .withPropertyValues(
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password(),
                "spring.datasource.url=" + database.jdbcUrl(),
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
        .withPropertyValues("migrator.fleet.renew-connections=false")
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

  @Test
  void riskySettingsAreWarnedOfOnceWhenColumnsChange(CapturedOutput output) {
    contextRunner
        .withBean("fullName", Migration.class, RowShapeIT::rename)
        .withBean("nick", Migration.class, RowShapeIT::another)
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(output).containsOnlyOnce("autosave=conservative").contains(STALE_PLAN);
  }

  @Test
  void othersAreNot(CapturedOutput output) {
    contextRunner
        .withBean(
            "check",
            Migration.class,
            () -> Migration.define("check").table("users").addCheck("named", "name <> ''"))
        .run(context -> assertThat(context).hasNotFailed());
    for (String setting : new String[] {"autosave=conservative", "prepareThreshold=0"}) {
      contextRunner
          .withPropertyValues("spring.datasource.url=" + with(setting))
          .withBean("fullName", Migration.class, RowShapeIT::rename)
          .run(context -> assertThat(context).hasNotFailed());
    }
    assertThat(output).doesNotContain(STALE_PLAN);
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
      try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM users");
          ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
      }
      connection.commit();
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
    try (Migrator next =
        Migrator.builder(database.dataSource()).declare("next", rename()).build()) {
      next.prepare();
    }
  }

  private static Migration rename() {
    return Migration.define("full-name").table("users").renameColumn("name", "full_name");
  }

  private static Migration another() {
    return Migration.define("nick").table("users").addColumn("nick", "text");
  }
}
