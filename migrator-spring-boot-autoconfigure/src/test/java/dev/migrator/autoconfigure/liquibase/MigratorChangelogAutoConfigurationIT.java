package dev.migrator.autoconfigure.liquibase;

import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.ID;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.documented;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.autoconfigure.MigrationSource;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.autoconfigure.liquibase.ChangelogRelease.Changelogs;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who asks for what a changelog declares, and who does not. */
@ExtendWith(OutputCaptureExtension.class)
class MigratorChangelogAutoConfigurationIT {

  private final TestDatabase database = TestPostgres.newDatabase();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    database.close();
  }

  private ConfigurableApplicationContext start(Class<?> configuration, String... properties) {
    ChangelogRelease release =
        new ChangelogRelease(database, folder, configuration).with("shop.yaml", documented("yaml"));
    return release.start(release.changelog("shop.yaml"), properties);
  }

  private long count(String sql) {
    return JdbcClient.create(database.dataSource()).sql(sql).query(Long.class).single();
  }

  @Test
  void nothingOfLiquibaseIsNeeded() {
    new ApplicationContextRunner()
        .withClassLoader(new FilteredClassLoader("liquibase"))
        .withConfiguration(
            AutoConfigurations.of(
                MigratorAutoConfiguration.class,
                MigratorChangelogAutoConfiguration.class,
                MigratorLiquibaseAutoConfiguration.class))
        .withPropertyValues("migrator.liquibase.guard=true")
        .withBean(DataSource.class, database::dataSource)
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(Migrator.class)
                    .doesNotHaveBean(MigrationSource.class));
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class OwnMigrator {

    @Bean
    Migrator migrator(DataSource dataSource, MigrationSource changelog) {
      MigratorBuilder builder = Migrator.builder(dataSource);
      changelog.migrations(dataSource).forEach(builder::declareIn);
      return builder.build();
    }
  }

  @Test
  void aMigratorOfOnesOwnGetsThem(CapturedOutput output) {
    try (ConfigurableApplicationContext application = start(OwnMigrator.class)) {
      assertThat(ChangelogRelease.migrator(application).status(ID)).isPresent();
      assertThat(output).doesNotContain("no Migrator asks for them");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class MigratorWithout {

    @Bean
    Migrator migrator(DataSource dataSource) {
      return Migrator.builder(dataSource).build();
    }
  }

  @Test
  void theLogSaysThatNobodyAsks(CapturedOutput output) {
    try (ConfigurableApplicationContext application = start(MigratorWithout.class)) {
      assertThat(ChangelogRelease.migrator(application).status(ID)).isEmpty();
      assertThat(output).contains("no Migrator asks for them");
    }
  }

  @Test
  void theLogSaysThatASwitchedOffLiquibaseDeclaresNothing(CapturedOutput output) {
    start(
            Changelogs.class,
            "spring.liquibase.enabled=false",
            "spring.liquibase.change-log=classpath:db/changelog/users.yaml")
        .close();
    assertThat(output).doesNotContain("spring.liquibase.enabled is false");
    try (ConfigurableApplicationContext application =
        start(Changelogs.class, "spring.liquibase.enabled=false")) {
      assertThat(ChangelogRelease.migrator(application).status(ID)).isEmpty();
      assertThat(output)
          .contains("spring.liquibase.enabled is false")
          .contains("declares migrations: this release counts as one that knows none of them");
    }
  }

  @Test
  void lazyBeansDeclareAsWell() {
    try (ConfigurableApplicationContext application =
        start(Changelogs.class, "spring.main.lazy-initialization=true")) {
      assertThat(ChangelogRelease.migrator(application).status(ID)).isPresent();
    }
  }

  /** All on a new database; Liquibase alone would not survive that. */
  @Test
  void severalFirstStartsAtOnceDoItOnce() {
    ChangelogRelease release =
        new ChangelogRelease(database, folder, Guarded.class).with("shop.yaml", documented("yaml"));
    String changelog = release.changelog("shop.yaml");
    List<CompletableFuture<ConfigurableApplicationContext>> starts =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> release.start(changelog, "migrator.liquibase.guard=true")))
            .limit(4)
            .toList();
    try {
      starts.forEach(CompletableFuture::join);
      assertThat(count("SELECT count(*) FROM databasechangelog WHERE id = '%s'".formatted(ID)))
          .isEqualTo(1);
      assertThat(
              count(
                  "SELECT count(*) FROM migrator.event WHERE step = 'add-columns' AND kind = 'STEP_DONE'"))
          .isEqualTo(1);
      assertThat(count("SELECT count(*) FROM migrator.instance WHERE left_at IS NULL"))
          .isEqualTo(4);
    } finally {
      starts.stream()
          .filter(it -> !it.isCompletedExceptionally())
          .map(CompletableFuture::join)
          .forEach(ConfigurableApplicationContext::close);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import({Changelogs.class, MigratorLiquibaseAutoConfiguration.class})
  static class Guarded {}
}
