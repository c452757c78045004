package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;

class MigratorDataSourceIT {

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class));

  private TestDatabase application;

  private TestDatabase other;

  @BeforeEach
  void createDatabases() {
    application = withUsers();
    other = withUsers();
  }

  @AfterEach
  void dropDatabases() {
    application.close();
    other.close();
  }

  @Test
  void takesTheOnlyOne() {
    contextRunner
        .withUserConfiguration(Rename.class)
        .withBean("application", DataSource.class, application::dataSource)
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(isMigrated(application)).isTrue();
  }

  private void theOtherIsMigrated(Class<?> declaringIt) {
    contextRunner
        .withUserConfiguration(Rename.class, declaringIt)
        .withBean(Other.class, () -> new Other(other))
        .withBean("application", DataSource.class, application::dataSource)
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(isMigrated(other)).isTrue();
    assertThat(isMigrated(application)).isFalse();
  }

  @Test
  void prefersTheQualifiedOne() {
    theOtherIsMigrated(Qualified.class);
  }

  @Test
  void takesThePrimaryOne() {
    theOtherIsMigrated(PrimaryOne.class);
  }

  @Test
  void failsWithoutOne() {
    contextRunner
        .withUserConfiguration(Rename.class)
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .isEqualTo(
                      "MIG-3101: There is no DataSource bean for the migrations declared by the beans"
                          + " usersFullName.");
              assertThat(analysis.getAction())
                  .contains("spring.datasource.url", "migrator.enabled=false");
            });
  }

  @Test
  void failsWithoutAWayToChoose() {
    contextRunner
        .withUserConfiguration(Rename.class)
        .withBean("application", DataSource.class, application::dataSource)
        .withBean("other", DataSource.class, other::dataSource)
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .isEqualTo(
                      "MIG-3101: There are 2 DataSource beans and none is the primary one, so there is none"
                          + " to choose for the migrations declared by the beans usersFullName:"
                          + " application, other.");
              assertThat(analysis.getAction()).contains("@MigratorDataSource", "@Primary");
            });
    assertThat(isMigrated(application)).isFalse();
  }

  @Test
  void customizersComeAfterThePropertiesInTheirOrder() {
    contextRunner
        .withUserConfiguration(Customizers.class)
        .withBean("application", DataSource.class, application::dataSource)
        .withPropertyValues("migrator.lock.budget=40ms")
        .run(
            context ->
                assertThat(context.getBean(Customizers.class).seen)
                    .containsExactly(Duration.ofMillis(40), Duration.ofMillis(41)));
  }

  private static TestDatabase withUsers() {
    TestDatabase database = TestPostgres.newDatabase();
    JdbcClient.create(database.dataSource())
        .sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)")
        .update();
    return database;
  }

  private static boolean isMigrated(TestDatabase database) {
    return JdbcClient.create(database.dataSource())
        .sql(
            "SELECT count(*) > 0 FROM information_schema.columns"
                + " WHERE table_name = 'users' AND column_name = 'full_name'")
        .query(Boolean.class)
        .single();
  }

  private static FailureAnalysis analyze(Throwable failure) {
    return new NoMigratorDataSourceFailureAnalyzer().analyze(failure);
  }

  @Configuration(proxyBeanMethods = false)
  static class Rename {

    @Bean
    Migration usersFullName() {
      return Migration.define("full-name").table("users").renameColumn("name", "full_name");
    }
  }

  /** Keeps the context from closing the database. */
  record Other(TestDatabase database) {}

  @Configuration(proxyBeanMethods = false)
  static class Qualified {

    @Bean(defaultCandidate = false)
    @MigratorDataSource
    DataSource schemaOwner(Other other) {
      return other.database().dataSource();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class PrimaryOne {

    @Bean
    @Primary
    DataSource primary(Other other) {
      return other.database().dataSource();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {

    private final List<Duration> seen = new ArrayList<>();

    @Bean
    MigratorSettingsCustomizer last() {
      return this::see;
    }

    @Bean
    @Order(1)
    MigratorSettingsCustomizer first() {
      return settings -> settings.lock(it -> it.budget(see(settings).plus(Duration.ofMillis(1))));
    }

    private Duration see(MigratorSettings.Builder settings) {
      Duration budget = settings.build().lock().budget();
      seen.add(budget);
      return budget;
    }
  }
}
