package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Developers on one database: one tries out a branch, the other one runs what is merged. */
class SharedDatabaseIT {

  private static final String ID = "2026-03-01-users-full-name";

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)").update();
    jdbc.sql("INSERT INTO users VALUES (1, 'Ada')").update();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  /** Also when nobody else runs: the others come back in the morning. */
  @Test
  void aBranchIsTriedOutAndThrownAway() {
    try (ConfigurableApplicationContext branch =
        start(Branch.class, "migrator.contract.mode=off")) {
      awaitHeld(branch, Hold.Reason.CONTRACT_OFF);
    }
    assertThat(Tables.columns(database.dataSource(), "users"))
        .containsExactly("full_name", "id", "name");
    try (ConfigurableApplicationContext merged = start(Merged.class)) {
      JdbcClient.create(merged.getBean(DataSource.class))
          .sql("INSERT INTO users (id, name) VALUES (2, 'Grace')")
          .update();
      Migrator migrator = merged.getBean(Migrator.class);
      for (Phase phase :
          List.of(Phase.SWITCH_READ, Phase.BACKFILL, Phase.DUAL_WRITE, Phase.EXPAND)) {
        migrator.execute(ID, OperatorCommand.undo(phase));
        Await.until(() -> isUndone(migrator, phase), () -> String.valueOf(migrator.status(ID)));
      }
      assertThat(Tables.columns(database.dataSource(), "users")).containsExactly("id", "name");
    }
  }

  private static boolean isUndone(Migrator migrator, Phase phase) {
    MigrationStatus status = migrator.status(ID).orElseThrow();
    assertThat(status.state()).as("%s", status).isNotEqualTo(MigrationStatus.State.FAILED);
    return status.phase() == null || !status.phase().includes(phase);
  }

  @Test
  void nothingIsTakenFromWhoRunsSomethingElse() {
    try (ConfigurableApplicationContext merged = start(Merged.class);
        ConfigurableApplicationContext branch = start(Branch.class)) {
      awaitHeld(branch, Hold.Reason.OLD_INSTANCES);
      assertThat(Tables.columns(merged.getBean(DataSource.class), "users")).contains("name");
    }
  }

  private static void awaitHeld(ConfigurableApplicationContext context, Hold.Reason reason) {
    Migrator migrator = context.getBean(Migrator.class);
    Await.until(
        () -> {
          MigrationStatus status = migrator.status(ID).orElseThrow();
          return status.phase() == Phase.SWITCH_READ
              && status.holds().stream().anyMatch(it -> it.reason() == reason);
        },
        () -> String.valueOf(migrator.status(ID)));
  }

  private ConfigurableApplicationContext start(Class<?> code, String... properties) {
    return new SpringApplicationBuilder(code)
        .web(WebApplicationType.NONE)
        .properties(DatabaseProperties.of(database))
        .properties("spring.liquibase.enabled=false")
        .properties(properties)
        .run();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Merged {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Branch {

    @Bean
    Migration usersFullName() {
      return Migration.define(ID)
          .table("users")
          .renameColumn("name", "full_name")
          .switchRead()
          .dropColumn("name");
    }
  }
}
