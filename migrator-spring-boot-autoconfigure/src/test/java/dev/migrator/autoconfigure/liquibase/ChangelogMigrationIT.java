package dev.migrator.autoconfigure.liquibase;

import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.ID;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.documented;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.migrator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.application.Page;
import dev.migrator.autoconfigure.liquibase.ChangelogRelease.Changelogs;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Migrations that a changelog declares, as the page has them. */
class ChangelogMigrationIT {

  private final TestDatabase database = TestPostgres.newDatabase();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    database.close();
  }

  private ConfigurableApplicationContext start(String yaml, String... properties) {
    ChangelogRelease release = new ChangelogRelease(database, folder).with("shop.yaml", yaml);
    return release.start(release.changelog("shop.yaml"), properties);
  }

  private static String ready(String phase) {
    return documented("yaml").replace("BACKFILL", phase);
  }

  private static MigrationStatus reached(ConfigurableApplicationContext application, Phase phase) {
    Migrator migrator = migrator(application);
    Await.until(
        () -> migrator.status(ID).orElseThrow().phase() == phase,
        () -> String.valueOf(migrator.status(ID)));
    return migrator.status(ID).orElseThrow();
  }

  private <T> List<T> query(String sql, Class<T> type) {
    return JdbcClient.create(database.dataSource()).sql(sql).query(type).list();
  }

  private List<String> columns() {
    return query(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'users' AND column_name NOT LIKE '%migrator%' ORDER BY 1",
        String.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yaml", "xml", "json"})
  void eachFormatDeclaresIt(String format) {
    ChangelogRelease release =
        new ChangelogRelease(database, folder).with("shop." + format, documented(format));
    try (ConfigurableApplicationContext application =
        release.start(release.changelog("shop." + format))) {
      MigrationStatus status = reached(application, Phase.BACKFILL);
      assertThat(status.bean())
          .startsWith("change set ")
          .endsWith("shop." + format + "::" + ID + "::shop");
      assertThat(status.declares()).isEqualTo(Phase.BACKFILL);
      assertThat(columns()).containsExactly("full_name", "id", "name");
      assertThat(query("SELECT count(*) FROM users WHERE full_name = name", Integer.class))
          .containsExactly(1000);
    }
  }

  @Test
  void theNextStartDeclaresItAgainAndDoesNothing() {
    try (ConfigurableApplicationContext application = start(documented("yaml"))) {
      reached(application, Phase.BACKFILL);
    }
    String done =
        "SELECT (SELECT count(*) FROM databasechangelog) || '/' || (SELECT count(*) FROM migrator.event) || '/' || (SELECT count(*) FROM migrator.step)";
    List<String> before = query(done, String.class);
    try (ConfigurableApplicationContext application = start(documented("yaml"))) {
      MigrationStatus status = migrator(application).status(ID).orElseThrow();
      assertThat(status.declares()).isEqualTo(Phase.BACKFILL);
      assertThat(status.state()).isEqualTo(MigrationStatus.State.REACHED);
    }
    assertThat(query(done, String.class)).isEqualTo(before);
  }

  @Test
  void aLaterReleaseIsReadyForMore() {
    start(documented("yaml")).close();
    start(ready("SWITCH_READ")).close();
    try (ConfigurableApplicationContext application = start(ready("CONTRACT"))) {
      reached(application, Phase.CONTRACT);
      assertThat(columns()).containsExactly("full_name", "id");
    }
  }

  @Test
  void theContractWaitsForTheReleaseBefore() {
    try (ConfigurableApplicationContext old = start(documented("yaml"));
        ConfigurableApplicationContext young = start(ready("CONTRACT"))) {
      reached(young, Phase.SWITCH_READ);
      Await.until(() -> !migrator(young).status(ID).orElseThrow().holds().isEmpty());
      JdbcClient.create(database.dataSource())
          .sql("INSERT INTO users (name) VALUES ('of the old release')")
          .update();
      assertThat(columns()).containsExactly("full_name", "id", "name");
      assertThat(
              query("SELECT full_name FROM users WHERE name = 'of the old release'", String.class))
          .containsExactly("of the old release");
      old.close();
      reached(young, Phase.CONTRACT);
    }
  }

  @Test
  void aFreshDatabaseGoesAllTheWay() {
    try (ConfigurableApplicationContext application = start(ready("CONTRACT"))) {
      reached(application, Phase.CONTRACT);
      assertThat(columns()).containsExactly("full_name", "id");
    }
  }

  @Test
  void theReleaseBeforeDoesNotStartBehindTheContract() {
    try (ConfigurableApplicationContext application = start(ready("CONTRACT"))) {
      reached(application, Phase.CONTRACT);
    }
    assertThatThrownBy(() -> start(documented("yaml")))
        .rootCause()
        .hasMessageContaining("(change set ")
        .hasMessageContaining("shop.yaml::" + ID + "::shop)");
  }

  @Test
  void onlyWhatMatchesIsDeclared() {
    String elsewhere =
        documented("yaml")
            .replace("author: shop", "author: shop\n      context: elsewhere\n      labels: later");
    try (ConfigurableApplicationContext application =
        start(elsewhere, "spring.liquibase.contexts=here")) {
      assertThat(migrator(application).status(ID)).isEmpty();
    }
    try (ConfigurableApplicationContext application =
        start(elsewhere, "spring.liquibase.label-filter=now")) {
      assertThat(migrator(application).status(ID)).isEmpty();
    }
    try (ConfigurableApplicationContext application =
        start(elsewhere.replace("context:", "dbms: mysql\n      context:"))) {
      assertThat(migrator(application).status(ID)).isEmpty();
    }
    assertThat(columns()).containsExactly("id", "name");
    try (ConfigurableApplicationContext application =
        start(
            elsewhere,
            "spring.liquibase.contexts=elsewhere",
            "spring.liquibase.label-filter=later")) {
      reached(application, Phase.BACKFILL);
    }
  }

  @Test
  void parametersAreKnown() {
    try (ConfigurableApplicationContext application =
        start(
            documented("yaml").replace("full_name }", "'${column}' }"),
            "spring.liquibase.parameters.column=whole_name")) {
      reached(application, Phase.BACKFILL);
      assertThat(columns()).containsExactly("id", "name", "whole_name");
    }
  }

  /** Somebody else runs Liquibase, and this instance only reads what it declares. */
  @Test
  void aLiquibaseThatDoesNotRunDeclaresAsWell() {
    start("databaseChangeLog: []").close();
    System.setProperty("liquibase.shouldRun", "false");
    try (ConfigurableApplicationContext application = start(documented("yaml"))) {
      reached(application, Phase.BACKFILL);
      assertThat(query("SELECT id FROM databasechangelog", String.class)).containsExactly("users");
    } finally {
      System.clearProperty("liquibase.shouldRun");
    }
  }

  @Test
  void thoseWithoutADateComeInTheOrderOfTheChangelog() {
    String two =
        """
        databaseChangeLog:
          - changeSet:
              id: zebra
              author: shop
              changes:
                - migration:
                    ready: CONTRACT
                    renameColumn: { table: users, from: name, to: full_name }
          - changeSet:
              id: ant
              author: shop
              changes:
                - migration:
                    addIndex: { table: users, name: users_by_full_name, columns: full_name }
        """;
    try (ConfigurableApplicationContext application = start(two)) {
      Await.until(
          () ->
              migrator(application).status("ant").orElseThrow().state()
                  == MigrationStatus.State.REACHED,
          () -> String.valueOf(migrator(application).status()));
      assertThat(
              query(
                  "SELECT indexdef FROM pg_indexes WHERE indexname = 'users_by_full_name'",
                  String.class))
          .hasSize(1);
    }
  }

  /** As its page has it: the view needs a column that the migration before it makes. */
  @Test
  void severalOperationsAndWhatNeedsThem() {
    try (ConfigurableApplicationContext application =
        start(
            Page.of("coming-from-liquibase").block("yaml", 1), "migrator.contract.retention=0s")) {
      Await.until(
          () ->
              migrator(application).status().migrations().stream()
                  .noneMatch(it -> it.phase() == null),
          () -> String.valueOf(migrator(application).status()));
      assertThat(query("SELECT first_name FROM first_names WHERE id = 1", String.class))
          .containsExactly("user");
    }
  }

  @Test
  void whatTheDatabaseDoesNotHaveIsRefusedWithTheChangeSet() {
    assertThatThrownBy(() -> start(documented("yaml").replace("table: users", "table: usres")))
        .rootCause()
        .hasMessageStartingWith("MIG-1101")
        .hasMessageContaining("shop.yaml::" + ID + "::shop)")
        .hasMessageContaining("usres");
    try (ConfigurableApplicationContext application = start(documented("yaml"))) {
      reached(application, Phase.BACKFILL);
    }
  }

  @Test
  void whatIsNoMigrationIsRefusedBeforeLiquibaseRunsAnything() {
    assertThatThrownBy(() -> start(documented("yaml").replace("from: name", "form: name")))
        .hasStackTraceContaining("MIG-1023")
        .hasStackTraceContaining(
            "shop.yaml::" + ID + "::shop: <renameColumn>: \"form\" is unknown");
    assertThat(query("SELECT 1 FROM pg_tables WHERE tablename = 'users'", Integer.class)).isEmpty();
  }

  /** Liquibase looks no more at what it has run. */
  @Test
  void whatIsNoMigrationAnyMoreIsRefusedAsWell() {
    start(documented("yaml")).close();
    assertThatThrownBy(() -> start(documented("yaml").replace("from: name", "form: name")))
        .rootCause()
        .hasMessageStartingWith("MIG-1023")
        .hasMessageContaining("shop.yaml::" + ID + "::shop: <renameColumn>: \"form\" is unknown");
  }

  @Test
  void aChangeOfWhatHasRunIsRefusedByTheJournal() {
    start(documented("yaml")).close();
    assertThatThrownBy(() -> start(documented("yaml").replace("to: full_name", "to: whole_name")))
        .rootCause()
        .hasMessageStartingWith("MIG-1016")
        .hasMessageContaining("shop.yaml::" + ID + "::shop)");
  }

  @Test
  void preconditionsAreRefused() {
    assertThatThrownBy(
            () ->
                start(
                    documented("yaml")
                        .replace(
                            "      changes:",
                            "      preConditions: [ { tableExists: { tableName: users } } ]\n      changes:")))
        .hasStackTraceContaining("its change set has preconditions");
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class WithTheSameBean {

    @Bean
    Migration sameId() {
      return Migration.define(ID).table("users").renameColumn("name", "full_name");
    }
  }

  @Test
  void theSameMigrationAsABeanIsRefused() {
    ChangelogRelease release =
        new ChangelogRelease(database, folder, WithTheSameBean.class)
            .with("shop.yaml", documented("yaml"));
    assertThatThrownBy(() -> release.start(release.changelog("shop.yaml")))
        .rootCause()
        .hasMessageStartingWith("MIG-1003")
        .hasMessageContaining("shop.yaml::" + ID + "::shop")
        .hasMessageContaining("bean \"sameId\"");
  }
}
