package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.autoconfigure.Http.Answer;
import dev.migrator.autoconfigure.UsersApplication.UserRepository;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real application on a real database. */
@ExtendWith(OutputCaptureExtension.class)
class MigratorApplicationIT {

  private static final String DETAIL = "/actuator/migrator/" + UsersApplication.RENAME;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void renamesAfterLiquibaseAndBeforeTheRepository() {
    try (Http http = start()) {
      UserRepository users = http.application().getBean(UserRepository.class);
      Await.until(() -> phase(http) == Phase.BACKFILL);
      assertThat(users.both(7)).isEqualTo("user 7/user 7");
      assertThat(users.missing()).isZero();
      assertThat(json(http.get("/actuator/health/migrator")).get("status").asString())
          .isEqualTo("UP");
    }
  }

  @Test
  void lazyInitializationChangesNothing() {
    try (Http http = start("spring.main.lazy-initialization=true")) {
      Await.until(() -> phase(http) == Phase.BACKFILL);
      assertThat(http.application().getBeanFactory().containsSingleton("userRepository")).isFalse();
      assertThat(http.application().getBean(UserRepository.class).missing()).isZero();
    }
  }

  @Test
  void aSecondStartHasNothingToDo() {
    try (Http http = start()) {
      Await.until(() -> phase(http) == Phase.BACKFILL);
    }
    try (Http http = start()) {
      MigrationStatus status = status(http);
      assertThat(status.phase()).isEqualTo(Phase.BACKFILL);
      assertThat(status.state()).isEqualTo(MigrationStatus.State.REACHED);
    }
  }

  @Test
  void theEndpointShowsTheProgress() {
    try (Http http = start()) {
      Await.until(() -> phase(http) == Phase.BACKFILL);

      JsonNode migrator = json(http.get("/actuator/migrator")).at("/migrators/migrator");
      assertThat(migrator.get("serverVersion").asString()).matches("\\d+\\.\\d+.*");
      assertThat(migrator.at("/counts/REACHED").asInt()).isEqualTo(1);
      JsonNode entry = migrator.at("/migrations/0");
      assertThat(entry.get("id").asString()).isEqualTo(UsersApplication.RENAME);
      assertThat(entry.has("steps")).isFalse();

      JsonNode detail = json(http.get(DETAIL));
      assertThat(detail.get("bean").asString()).isEqualTo("usersFullName");
      assertThat(detail.get("table").asString()).isEqualTo("users");
      assertThat(detail.get("phase").asString()).isEqualTo("BACKFILL");
      assertThat(detail.get("declares").asString()).isEqualTo("BACKFILL");
      assertThat(detail.get("state").asString()).isEqualTo("REACHED");
      assertThat(detail.at("/backfill/rowsDone").asInt()).isEqualTo(1000);
      assertThat(detail.at("/backfill/percent").asDouble()).isEqualTo(100);
      assertThat(detail.at("/backfill/differences").asInt(-1)).isZero();
      assertThat(detail.get("steps")).isNotEmpty();
      for (JsonNode step : detail.get("steps")) {
        assertThat(step.get("state").asString()).isEqualTo("DONE");
        assertThat(Duration.parse(step.get("duration").asString())).isPositive();
      }
      assertThat(detail.at("/steps/0/sql/0").asString())
          .isEqualTo("ALTER TABLE \"public\".\"users\" ADD COLUMN \"full_name\" text");
      assertThat(detail.toString()).as("values of rows").doesNotContainIgnoringCase("user 7");

      assertThat(http.get("/actuator/migrator/nope").status()).isEqualTo(404);
      assertThat(http.post(DETAIL, "{\"action\":\"pause\"}").status()).isEqualTo(405);
    }
  }

  /** The names in it; the leader may have given its lease back already. */
  @Test
  void theReadmeShowsARealAnswer() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    String example = readme.split("```json\n", 2)[1].split("```", 2)[0];
    try (Http http = start()) {
      Await.until(() -> status(http).state() == MigrationStatus.State.REACHED);
      Set<String> real = new TreeSet<>();
      collect("", json(http.get("/actuator/migrator")), real);
      real.removeIf(it -> it.contains("/leader"));
      Set<String> documented = new TreeSet<>();
      collect("", JsonMapper.shared().readTree(example), documented);
      assertThat(documented).isEqualTo(real);
    }
  }

  private static void collect(String path, JsonNode node, Set<String> paths) {
    paths.add(path);
    node.forEachEntry((name, child) -> collect(path + "/" + name, child, paths));
    if (node.isArray()) {
      node.forEach(child -> collect(path + "[]", child, paths));
    }
  }

  @Test
  void theEndpointExecutesTheOperatorsCommands() {
    try (Http http = start("management.endpoint.migrator.access=unrestricted")) {
      Await.until(() -> phase(http) == Phase.BACKFILL);
      assertThat(http.post(DETAIL, "{\"action\":\"drop\"}").status()).isEqualTo(400);
      assertThat(http.post("/actuator/migrator/nope", "{\"action\":\"pause\"}").status())
          .isEqualTo(404);

      Answer refused = http.post(DETAIL, "{\"action\":\"contract\"}");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(json(refused).get("code").asString()).isEqualTo("MIG-5003");
      assertThat(json(refused).get("reason").asString()).startsWith("MIG-5003: CONTRACT of ");

      Answer accepted = http.post(DETAIL, "{\"action\":\"undo\"}");
      assertThat(accepted.status()).isEqualTo(202);
      assertThat(json(accepted).get("id").asString()).isEqualTo(UsersApplication.RENAME);
      Await.until(() -> phase(http) == Phase.DUAL_WRITE);
    }
  }

  @Test
  void twoBeansWithOneIdFail(CapturedOutput output) {
    assertThatThrownBy(() -> UsersApplication.on(database, SameId.class).run())
        .hasRootCauseInstanceOf(InvalidMigrationException.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START", UsersApplication.RENAME, "usersFullName", "again")
        .contains("Correct the declaration");
    assertThat(hasColumn("full_name")).isFalse();
  }

  @Test
  void anUnknownColumnFails(CapturedOutput output) {
    assertThatThrownBy(() -> UsersApplication.on(database, UnknownColumn.class).run())
        .hasRootCauseInstanceOf(InvalidMigrationException.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "usersNickname", "nickname")
        .contains("Nothing was changed in the database");
    assertThat(hasColumn("nick")).isFalse();
  }

  @Test
  void aBadSettingFails(CapturedOutput output) {
    assertThatThrownBy(() -> start("migrator.lock.budget=20s"));
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "Property: migrator.lock.budget", "20s")
        .contains("must be between");
  }

  @Test
  void aDurationWithoutAUnitFails(CapturedOutput output) {
    assertThatThrownBy(() -> start("migrator.contract.retention=3600"));
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "Property: migrator.contract.retention")
        .contains("MIG-3103: a duration needs a unit, such as 3600ms, 3600s");
  }

  @Test
  void noDataSourceFails(CapturedOutput output) {
    assertThatThrownBy(() -> start("spring.datasource.url="));
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "Failed to configure a DataSource: 'url'");
  }

  @Test
  void noDataSourceAutoConfigurationFails(CapturedOutput output) {
    assertThatThrownBy(() -> new SpringApplicationBuilder(OnlyAMigration.class).run());
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "There is no DataSource bean", "usersNickname")
        .contains("DataSourceAutoConfiguration is excluded");
  }

  @Test
  void aRoleWithoutPrivilegesFails(CapturedOutput output) {
    // A role without the right to create the journal.
    JdbcClient.create(database.dataSource())
        .sql("REVOKE CREATE ON DATABASE " + database.name() + " FROM public")
        .update();
    String role = "nobody_" + database.name();
    JdbcClient.create(database.dataSource())
        .sql("CREATE ROLE " + role + " LOGIN PASSWORD 'x'")
        .update();
    try {
      assertThatThrownBy(
          () ->
              start(
                  "spring.liquibase.enabled=false",
                  "spring.datasource.username=" + role,
                  "spring.datasource.password=x"));
      assertThat(output).contains("APPLICATION FAILED TO START", role, "@MigratorDataSource");
    } finally {
      JdbcClient.create(database.dataSource()).sql("DROP ROLE " + role).update();
    }
  }

  private Http start(String... properties) {
    return new Http(UsersApplication.on(database).properties(properties).run());
  }

  private static MigrationStatus status(Http http) {
    return http.application().getBean(Migrator.class).status(UsersApplication.RENAME).orElseThrow();
  }

  private static Phase phase(Http http) {
    return status(http).phase();
  }

  private boolean hasColumn(String column) {
    return JdbcClient.create(database.dataSource())
        .sql("SELECT count(*) > 0 FROM information_schema.columns WHERE column_name = ?")
        .param(column)
        .query(Boolean.class)
        .single();
  }

  private static JsonNode json(Answer answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  static class OnlyAMigration {

    @Bean
    Migration usersNickname() {
      return Migration.define("nick").table("users").addColumn("nick", "text");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class SameId {

    @Bean
    Migration again() {
      return Migration.define(UsersApplication.RENAME).table("users").addColumn("nick", "text");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class UnknownColumn {

    @Bean
    Migration usersNickname() {
      return Migration.define("nick").table("users").renameColumn("nickname", "nick");
    }
  }
}
