package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.error.NotReadyException;
import dev.migrator.status.InstanceStatus;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an instance registers as. */
@ExtendWith(OutputCaptureExtension.class)
class IdentityIT {

  private static TestDatabase database;

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class))
          .withBean(DataSource.class, database::dataSource);

  private final ApplicationContextRunner withGit =
      contextRunner.withBean(
          GitProperties.class,
          () -> new GitProperties(properties("commit.id", "0123456789abcdef")));

  private final ApplicationContextRunner withBuild =
      withGit.withBean(
          BuildProperties.class,
          () ->
              new BuildProperties(
                  properties("version", "1.4.2", "time", "2026-11-22T10:00:00.000Z")));

  @BeforeAll
  static void createDatabase() {
    database = TestPostgres.newDatabase();
    JdbcClient.create(database.dataSource())
        .sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)")
        .update();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Test
  void theNameOfTheApplicationIsTheOneOfSpring() {
    withGit
        .withPropertyValues("spring.application.name=orders")
        .run(context -> assertThat(self(context).application()).isEqualTo("orders"));
    withGit
        .withPropertyValues("spring.application.name=orders", "migrator.application=billing")
        .run(context -> assertThat(self(context).application()).isEqualTo("billing"));
    withGit.run(context -> assertThat(self(context).application()).isEqualTo("application"));
  }

  @Test
  void thePropertyNamesTheRelease(CapturedOutput output) {
    withBuild
        .withPropertyValues("migrator.release=2026-11")
        .run(context -> assertThat(self(context).release()).isEqualTo("2026-11"));
    assertThat(output).doesNotContain("migrator.release");
  }

  @Test
  void elseTheBuildDoes() {
    withBuild
        .withPropertyValues("migrator.release=")
        .run(
            context ->
                assertThat(self(context).release())
                    .matches("1\\.4\\.2 \\(built 2026-11-22T10:00:00Z\\) #[0-9a-f]{8}"));
  }

  @Test
  void elseTheCommitDoes() {
    withGit
        .withBean(BuildProperties.class, () -> new BuildProperties(properties("name", "orders")))
        .run(context -> assertThat(self(context).release()).matches("0123456 #[0-9a-f]{8}"));
  }

  /** The main class is one of a jar that has such a version. */
  @Test
  void elseTheJarOfTheMainClassDoes() {
    SpringApplication application = new SpringApplication(Jar.class);
    application.setMainApplicationClass(JdbcClient.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    try (var context = application.run()) {
      assertThat(self(context).release())
          .startsWith(JdbcClient.class.getPackage().getImplementationVersion() + " #");
    }
  }

  @Test
  void releasesOfOneVersionDifferByWhatTheyDeclare() {
    Set<String> releases = new HashSet<>();
    for (Migration declared :
        List.of(
            Migration.define("full-name").table("users").renameColumn("name", "full_name"),
            Migration.define("full-name")
                .table("users")
                .renameColumn("name", "full_name")
                .switchRead())) {
      contextRunner
          .withBean(Migration.class, () -> declared)
          .run(context -> releases.add(self(context).release()));
    }
    contextRunner.run(context -> releases.add(self(context).release()));
    assertThat(releases).hasSize(3).allMatch(it -> it.matches("unknown #[0-9a-f]{8}"));
  }

  @Test
  void anInstanceCanBeNamedButNotTwoByOneName() {
    contextRunner
        .withPropertyValues("migrator.instance-id=orders-1", "migrator.release=1")
        .run(
            context -> {
              assertThat(self(context).name()).isEqualTo("orders-1");
              try (Migrator other =
                  Migrator.builder(database.dataSource()).instance("orders-1").build()) {
                assertThat(catchThrowable(other::prepare))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("migrator.instance-id");
              }
            });
    try (Migrator other = Migrator.builder(database.dataSource()).instance("orders-1").build()) {
      other.prepare();
      contextRunner
          .withPropertyValues("migrator.instance-id=orders-1")
          .run(
              context ->
                  assertThat(context)
                      .getFailure()
                      .hasRootCauseInstanceOf(NotReadyException.class)
                      .hasMessageContaining("migrator.instance-id"));
    }
    contextRunner
        .withPropertyValues("migrator.instance-id= ", "migrator.release=1")
        .run(context -> assertThat(self(context).name()).isNotBlank().contains("/"));
  }

  private static InstanceStatus self(ApplicationContext context) {
    if (context instanceof AssertableApplicationContext assertable) {
      assertThat(assertable).hasNotFailed();
    }
    assertThat(context.getBean(Migrator.class).status().fleet()).hasSize(1);
    return context.getBean(Migrator.class).status().fleet().get(0);
  }

  private static Properties properties(String... entries) {
    Properties properties = new Properties();
    for (int i = 0; i < entries.length; i += 2) {
      properties.setProperty(entries[i], entries[i + 1]);
    }
    return properties;
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(MigratorAutoConfiguration.class)
  static class Jar {

    @Bean
    DataSource dataSource() {
      return database.dataSource();
    }

    @Bean
    Migration usersFullName() {
      return Migration.define("full-name").table("users").renameColumn("name", "full_name");
    }
  }
}
