package dev.migrator.autoconfigure;

import dev.migrator.Migration;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.test.TestDatabase;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An application with a table from Liquibase, a rename, and a repository that needs both. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = {
      HibernateJpaAutoConfiguration.class,
      DataJpaRepositoriesAutoConfiguration.class,
      DataJdbcRepositoriesAutoConfiguration.class
    })
class UsersApplication {

  static final String RENAME = "2026-11-22-users-full-name";

  @Bean
  Migration usersFullName() {
    return Migration.define(RENAME).table("users").renameColumn("name", "full_name");
  }

  @Bean
  UserRepository userRepository(JdbcClient jdbc) {
    return new UserRepository(jdbc);
  }

  /**
   * Starts it on a free port.
   *
   * @param more further configuration classes
   */
  static SpringApplicationBuilder on(TestDatabase database, Class<?>... more) {
    return new SpringApplicationBuilder(UsersApplication.class)
        .sources(more)
        .web(WebApplicationType.SERVLET)
        .properties(DatabaseProperties.of(database))
        .properties(
            "server.port=0",
            "spring.datasource.hikari.maximum-pool-size=4",
            "spring.liquibase.change-log=classpath:db/changelog/users.yaml",
            "management.endpoints.web.exposure.include=migrator,health",
            "management.endpoint.health.show-components=always");
  }

  /** Cannot be made before both the table and its new column are there. */
  static class UserRepository {

    private final JdbcClient jdbc;

    UserRepository(JdbcClient jdbc) {
      this.jdbc = jdbc;
      both(1);
    }

    String both(long id) {
      return jdbc.sql("SELECT name || '/' || coalesce(full_name, '') FROM users WHERE id = ?")
          .param(id)
          .query(String.class)
          .single();
    }

    long missing() {
      return jdbc.sql("SELECT count(*) FROM users WHERE full_name IS DISTINCT FROM name")
          .query(Long.class)
          .single();
    }
  }
}
