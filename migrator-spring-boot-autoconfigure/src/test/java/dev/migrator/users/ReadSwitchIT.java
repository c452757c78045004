package dev.migrator.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.ReadSwitch;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.users.jdbc.JdbcCustomers;
import dev.migrator.users.jpa.Customers;
import dev.migrator.users.jpa.JpaCustomers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The examples of docs/fleet.md, in applications. */
class ReadSwitchIT {

  private TestDatabase database;

  private JdbcClient jdbc;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE customer (id bigint PRIMARY KEY, name text)").update();
    jdbc.sql("INSERT INTO customer VALUES (1, 'Ada')").update();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(classes = {JdbcCustomers.class, JpaCustomers.class})
  void readsTurnByThemselves(Class<?> application) {
    try (var context = start(application)) {
      CustomerSearch search = context.getBean(CustomerSearch.class);
      assertThat(search.byName("Ada")).containsExactly(1L);
      Await.until(() -> context.getBean(ReadSwitch.class).readsNew(JdbcCustomers.FULL_NAME));
      assertThat(search.byName("Ada")).containsExactly(1L);
      makeSidesDiffer();
      assertThat(search.byName("new")).containsExactly(1L);
      assertThat(search.byName("old")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {JdbcCustomers.class, JpaCustomers.class})
  void aTestCanFixTheSide(Class<?> application) {
    try (var context = start(application, OldSide.class)) {
      Migrator migrator = context.getBean(Migrator.class);
      Await.until(
          () ->
              migrator.status(JdbcCustomers.FULL_NAME).orElseThrow().phase() == Phase.SWITCH_READ);
      makeSidesDiffer();
      assertThat(context.getBean(CustomerSearch.class).byName("old")).containsExactly(1L);
    }
    try (var context = start(application, NewSide.class)) {
      makeSidesDiffer();
      assertThat(context.getBean(CustomerSearch.class).byName("new")).containsExactly(1L);
    }
  }

  /** What it was loaded with may be out of date, and must not be written back. */
  @Test
  void anEntityLeavesTheOtherSideToTheDatabase() {
    try (var context = start(JpaCustomers.class)) {
      var customers = context.getBean(Customers.class);
      context
          .getBean(TransactionTemplate.class)
          .executeWithoutResult(
              status -> {
                var customer = customers.findById(1L).orElseThrow();
                jdbc.sql("UPDATE customer SET name = 'Countess' WHERE id = 1").update();
                customer.rename("Ada Lovelace");
              });
      assertThat(
              jdbc.sql("SELECT name || '/' || full_name FROM customer WHERE id = 1")
                  .query(String.class)
                  .single())
          .isEqualTo("Ada Lovelace/Ada Lovelace");
    }
  }

  /** To see which side is read: what a statement writes to both sides stands. */
  private void makeSidesDiffer() {
    jdbc.sql("UPDATE customer SET name = 'old', full_name = 'new'").update();
  }

  private ConfigurableApplicationContext start(Class<?>... application) {
    return new SpringApplicationBuilder(application)
        .web(WebApplicationType.NONE)
        .properties(DatabaseProperties.of(database))
        .properties("spring.liquibase.enabled=false", "migrator.release=2")
        .run();
  }

  @Configuration(proxyBeanMethods = false)
  static class OldSide {

    @Bean
    ReadSwitch readSwitch() {
      return ReadSwitch.oldSide();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class NewSide {

    @Bean
    ReadSwitch readSwitch() {
      return ReadSwitch.newSide();
    }
  }
}
