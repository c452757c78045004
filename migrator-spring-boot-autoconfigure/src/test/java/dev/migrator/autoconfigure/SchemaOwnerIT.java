package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Migrations under a role of their own, beside the DataSource that Spring Boot makes. */
class SchemaOwnerIT {

  private TestDatabase database;

  private JdbcClient admin;

  private String role;

  @BeforeEach
  void createRole() {
    database = TestPostgres.newDatabase();
    admin = JdbcClient.create(database.dataSource());
    role = "app_" + database.name();
    admin.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'x'").update();
    admin.sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)").update();
    admin.sql("GRANT SELECT, INSERT, UPDATE ON users TO " + role).update();
  }

  @AfterEach
  void dropRole() {
    admin.sql("DROP OWNED BY " + role).update();
    admin.sql("DROP ROLE " + role).update();
    database.close();
  }

  @Test
  void theExampleOfTheDocumentation() {
    runner(Documented.class).run(this::migratesAsTheOwnerAndServesAsTheApplication);
  }

  /** Spring Boot would make no DataSource, and everything would run as the owner. */
  @Test
  void theOneThatForgotToBeNoCandidate() {
    runner(Forgotten.class).run(this::migratesAsTheOwnerAndServesAsTheApplication);
  }

  @Test
  void aPrimaryOneIsWhatItSays() {
    runner(PrimaryOwner.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(DataSource.class);
              assertThat(user(context)).isEqualTo(database.username());
            });
  }

  private void migratesAsTheOwnerAndServesAsTheApplication(AssertableApplicationContext context) {
    assertThat(context).hasNotFailed();
    assertThat(user(context)).isEqualTo(role);
    assertThat(
            admin
                .sql("SELECT count(*) FROM pg_attribute WHERE attname = 'full_name'")
                .query(Integer.class)
                .single())
        .isPositive();
  }

  private static String user(AssertableApplicationContext context) {
    return context
        .getBean(JdbcClient.class)
        .sql("SELECT current_user")
        .query(String.class)
        .single();
  }

  private ApplicationContextRunner runner(Class<?> configuration) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataSourceAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                MigratorDataSourceAutoConfiguration.class,
                MigratorAutoConfiguration.class))
        .withUserConfiguration(configuration, Rename.class)
        .withPropertyValues(
            "spring.datasource.url=" + database.jdbcUrl(),
            "spring.datasource.username=" + role,
            "spring.datasource.password=x",
            "schema-owner.jdbc-url=" + database.jdbcUrl(),
            "schema-owner.username=" + database.username(),
            "schema-owner.password=" + database.password(),
            "schema-owner.maximum-pool-size=2");
  }

  @Configuration(proxyBeanMethods = false)
  static class Rename {

    @Bean
    Migration usersFullName() {
      return Migration.define("full-name").table("users").renameColumn("name", "full_name");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Documented {

    @Bean(defaultCandidate = false)
    @MigratorDataSource
    @ConfigurationProperties("schema-owner")
    HikariDataSource schemaOwner(JdbcConnectionDetails database) {
      return DataSourceBuilder.create()
          .type(HikariDataSource.class)
          .url(database.getJdbcUrl())
          .build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Forgotten {

    @Bean
    @MigratorDataSource
    @ConfigurationProperties("schema-owner")
    HikariDataSource schemaOwner() {
      return new HikariDataSource();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class PrimaryOwner {

    @Bean
    @Primary
    @MigratorDataSource
    @ConfigurationProperties("schema-owner")
    HikariDataSource schemaOwner() {
      return new HikariDataSource();
    }
  }
}
