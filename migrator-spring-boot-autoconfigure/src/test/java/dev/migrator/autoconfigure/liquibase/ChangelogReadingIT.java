package dev.migrator.autoconfigure.liquibase;

import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.ID;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.documented;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.migrator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.autoconfigure.liquibase.ChangelogRelease.Changelogs;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.integration.spring.SpringLiquibase;
import liquibase.integration.spring.SpringResourceAccessor;
import liquibase.resource.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.core.simple.JdbcClient;

/** However Liquibase is set up, no declaration is missed. */
class ChangelogReadingIT {

  private final TestDatabase database = TestPostgres.newDatabase();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    database.close();
  }

  /** The table is there already. */
  private ConfigurableApplicationContext start(
      Class<?> configuration, String yaml, String... properties) {
    ChangelogRelease release = new ChangelogRelease(database, folder).with("shop.yaml", yaml);
    String changelog = release.changelog("shop.yaml");
    new ChangelogRelease(database, folder)
        .start("classpath:db/changelog/users.yaml", "migrator.enabled=false")
        .close();
    return new ChangelogRelease(database, folder, configuration).start(changelog, properties);
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class Later {

    /** As one that works in a thread of its own, or gives up without an error. */
    @Bean
    SpringLiquibase liquibase(
        DataSource dataSource, @Value("${spring.liquibase.change-log}") String changelog) {
      SpringLiquibase liquibase =
          new SpringLiquibase() {
            @Override
            protected void performUpdate(Liquibase liquibase) {}
          };
      liquibase.setDataSource(dataSource);
      liquibase.setChangeLog(changelog);
      return liquibase;
    }
  }

  @Test
  void aLiquibaseThatHasNotReadItYetDeclaresAsWell() {
    try (ConfigurableApplicationContext application = start(Later.class, documented("yaml"))) {
      assertThat(migrator(application).status(ID)).isPresent();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class FromElsewhere {

    @Bean
    SpringLiquibase liquibase(
        DataSource dataSource, @Value("${spring.liquibase.change-log}") String changelog) {
      SpringLiquibase liquibase =
          new SpringLiquibase() {
            @Override
            protected SpringResourceAccessor createResourceOpener() {
              return new SpringResourceAccessor(getResourceLoader()) {
                @Override
                public List<Resource> getAll(String path) throws IOException {
                  return super.getAll(path.equals("own.yaml") ? changelog : path);
                }
              };
            }
          };
      liquibase.setDataSource(dataSource);
      liquibase.setChangeLog("own.yaml");
      return liquibase;
    }
  }

  @Test
  void whoFindsItsFilesElsewhereDeclaresAsWell() {
    try (ConfigurableApplicationContext application =
        start(FromElsewhere.class, documented("yaml"))) {
      assertThat(migrator(application).status(ID)).isPresent();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class Proxied {

    @Bean
    static BeanPostProcessor proxies() {
      return new Proxies();
    }
  }

  /** As an aspect would do it. */
  private static final class Proxies implements BeanPostProcessor, PriorityOrdered {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      if (!(bean instanceof SpringLiquibase)) {
        return bean;
      }
      ProxyFactory factory = new ProxyFactory(bean);
      factory.setProxyTargetClass(true);
      return factory.getProxy();
    }

    @Override
    public int getOrder() {
      return 0;
    }
  }

  @Test
  void behindAProxyItDeclaresAsWell() {
    try (ConfigurableApplicationContext application =
        start(
            Proxied.class,
            documented("yaml").replace("full_name }", "'${column}' }"),
            "spring.liquibase.parameters.column=whole_name")) {
      assertThat(
              JdbcClient.create(database.dataSource())
                  .sql(
                      "SELECT count(*) FROM information_schema.columns WHERE column_name = 'whole_name'")
                  .query(Integer.class)
                  .single())
          .isEqualTo(1);
    }
  }

  @Test
  void inARollbackItIsRefused() {
    String changeSet =
        """
        databaseChangeLog:
          - changeSet:
              id: 2026-11-28-users-full-name
              author: shop
              changes:
                - sql: { sql: SELECT 1 }
              rollback:
                - migration:
                    renameColumn: { table: users, from: name, to: full_name }
        """;
    assertThatThrownBy(() -> start(Changelogs.class, changeSet))
        .rootCause()
        .hasMessageStartingWith("MIG-1023")
        .hasMessageContaining("shop.yaml::" + ID + "::shop has a migration in its rollback");
  }

  /** As every change of the same changelog; there is a table of that name on the path as well. */
  @Test
  void theDefaultSchemaOfLiquibaseIsTheirsAsWell() {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE SCHEMA shop").update();
    jdbc.sql("CREATE TABLE shop.users (id bigint PRIMARY KEY, name text)").update();
    try (ConfigurableApplicationContext application =
        start(
            Changelogs.class,
            documented("yaml"),
            "spring.liquibase.default-schema=shop",
            "spring.liquibase.liquibase-schema=public")) {
      assertThat(
              jdbc.sql(
                      "SELECT table_schema FROM information_schema.columns WHERE column_name = 'full_name' AND table_name = 'users'")
                  .query(String.class)
                  .list())
          .containsExactly("shop");
    }
  }

  /** A context, an id and a table that only the place of the include, or a parameter, says. */
  @Test
  void whatStandsAroundItCountsAsWell() {
    String yaml =
        documented("yaml")
            .replace("id: 2026-11-28-users-full-name", "id: '${date}-users-full-name'")
            .replace("table: users", "table: '${table}'")
            .replace(
                "databaseChangeLog:", "databaseChangeLog:\n  - logicalFilePath: elsewhere.yaml");
    ChangelogRelease release =
        new ChangelogRelease(database, folder)
            .with("shop.yaml", yaml)
            .with(
                "outer.yaml",
                "databaseChangeLog:\n  - include: { file: shop.yaml, relativeToChangelogFile: true, context: shop }");
    String changelog = release.changelog("outer.yaml");
    String[] parameters = {
      "spring.liquibase.parameters.date=2026-11-28", "spring.liquibase.parameters.table=users"
    };
    try (ConfigurableApplicationContext application =
        release.start(
            changelog, parameters[0], parameters[1], "spring.liquibase.contexts=billing")) {
      assertThat(migrator(application).status().migrations()).isEmpty();
    }
    try (ConfigurableApplicationContext application =
        release.start(changelog, parameters[0], parameters[1], "spring.liquibase.contexts=shop")) {
      assertThat(migrator(application).status(ID).orElseThrow().bean())
          .isEqualTo("change set elsewhere.yaml::" + ID + "::shop");
    }
  }

  @Test
  void aParameterThatIsNotSetIsRefused() {
    assertThatThrownBy(
            () ->
                start(Changelogs.class, documented("yaml").replace("full_name }", "'${column}' }")))
        .hasStackTraceContaining("MIG-1023")
        .hasStackTraceContaining(
            "shop.yaml::" + ID + "::shop: <renameColumn>: \"to\" is \"${column}\"");
  }

  @Test
  void anIdThatYamlTakesForADateIsRefused() {
    assertThatThrownBy(() -> start(Changelogs.class, documented("yaml").replace(ID, "2026-11-28")))
        .hasStackTraceContaining("shop.yaml::")
        .hasStackTraceContaining("the id \"");
  }
}
