package dev.migrator.autoconfigure.liquibase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Page;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A change set that waits for a phase, as its page has it. */
class MigrationPhasePreconditionIT {

  private final TestDatabase database = TestPostgres.newDatabase();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    database.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    LiquibaseAutoConfiguration.class,
    MigratorAutoConfiguration.class
  })
  static class Users {

    @Bean
    Migration nickname() {
      return Migration.define("2026-11-27-users-nickname")
          .table("users")
          .addColumn("nickname", "text");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class})
  static class LiquibaseAlone {}

  private void start(String changeSet) throws IOException {
    start(Users.class, changeSet);
  }

  private void start(Class<?> configuration, String changeSet) throws IOException {
    String before =
        new ClassPathResource("db/changelog/users.yaml").getContentAsString(StandardCharsets.UTF_8);
    Path changelog = folder.resolve("changelog.yaml");
    Files.writeString(changelog, before + "\n" + changeSet.indent(2));
    ConfigurableApplicationContext application =
        new SpringApplicationBuilder(configuration)
            .web(WebApplicationType.NONE)
            .properties(DatabaseProperties.of(database))
            .properties(
                "spring.liquibase.change-log=file:" + changelog,
                "spring.liquibase.analytics-enabled=false",
                "migrator.contract.mode=auto")
            .run();
    application.close();
  }

  private static String documented() {
    return Page.of("coming-from-liquibase").block("yaml", 2);
  }

  private String views() {
    return JdbcClient.create(database.dataSource())
        .sql("SELECT count(*) FROM pg_views WHERE viewname = 'nicknames'")
        .query(String.class)
        .single();
  }

  @Test
  void theChangeSetRunsAtTheFirstStartBehindThePhase() throws IOException {
    start(documented());
    assertThat(views()).as("Liquibase comes first, and nothing was reached yet").isEqualTo("0");
    start(documented());
    assertThat(views()).isEqualTo("1");
  }

  @Test
  void whatIsBeingUndoneIsNotReached() throws IOException {
    start(documented());
    JdbcClient.create(database.dataSource())
        .sql("UPDATE migrator.migration SET undoing = true")
        .update();
    start(LiquibaseAlone.class, documented());
    assertThat(views()).isEqualTo("0");
    JdbcClient.create(database.dataSource())
        .sql("UPDATE migrator.migration SET undoing = false")
        .update();
    start(LiquibaseAlone.class, documented());
    assertThat(views()).isEqualTo("1");
  }

  @Test
  void aLaterPhaseIsNotReached() throws IOException {
    start(documented().replace("EXPAND", "CONTRACT"));
    start(documented().replace("EXPAND", "CONTRACT"));
    assertThat(views()).isEqualTo("0");
  }

  @Test
  void aWordThatIsNoPhaseIsNamed() {
    assertThatThrownBy(() -> start(documented().replace("EXPAND", "EXPANDED")))
        .rootCause()
        .hasMessageContaining("\"EXPANDED\" is no phase; the phases are [EXPAND, DUAL_WRITE");
  }
}
