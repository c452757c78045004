package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** In a test of repositories alone, the tables are as the whole application has them. */
@JdbcTest(properties = "spring.liquibase.change-log=classpath:db/changelog/users.yaml")
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@DirtiesContext
class TestSliceIT {

  private static final TestDatabase DATABASE = TestPostgres.newDatabase();

  @Autowired private JdbcClient jdbc;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("spring.datasource.url", DATABASE::jdbcUrl);
    registry.add("spring.datasource.username", DATABASE::username);
    registry.add("spring.datasource.password", DATABASE::password);
  }

  @AfterAll
  static void dropDatabase() {
    DATABASE.close();
  }

  @Test
  void aRepositoryTestSeesTheNewColumn() {
    jdbc.sql("UPDATE users SET name = 'Ada' WHERE id = 1").update();
    assertThat(jdbc.sql("SELECT full_name FROM users WHERE id = 1").query(String.class).single())
        .isEqualTo("Ada");
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    Migration usersFullName() {
      return Migration.define("full-name").table("users").renameColumn("name", "full_name");
    }
  }
}
