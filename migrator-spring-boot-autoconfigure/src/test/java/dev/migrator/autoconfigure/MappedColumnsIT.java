package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Pool;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.shop.jdbc.JdbcShop;
import dev.migrator.shop.jpa.JpaShop;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the mappings of a real application report, and which CONTRACT that holds. */
@ExtendWith(OutputCaptureExtension.class)
class MappedColumnsIT {

  private TestDatabase database;

  private JdbcClient jdbc;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE customer (id bigint PRIMARY KEY, name text, \"Mail\" text, nick text)")
        .update();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void everythingThatHibernateMapsIsTold(String lazy) {
    try (var context = start(Jpa.class, "spring.main.lazy-initialization=" + lazy)) {
      assertThat(mapped())
          .contains(
              "customer.id",
              "customer.name",
              "customer.Mail",
              "purchase.id",
              "purchase.version",
              "purchase.customer_id",
              "purchase.ship_street",
              "purchase_note.id",
              "purchase_note.note",
              "line.id",
              "line.article",
              "line.gone",
              "line.purchase_id",
              "line.position",
              "purchase_labels.purchase_id",
              "purchase_labels.labels_key",
              "purchase_labels.labels",
              "purchase_coupon.purchase_id",
              "purchase_coupon.coupons_id",
              "coupon.id",
              "coupon.kind",
              "gift.id",
              "gift.cents")
          .doesNotContain("customer.nick")
          .hasSize(23);
      assertThat(where("customer", "name"))
          .isEqualTo("entity " + JpaShop.Customer.class.getName() + ", attribute name");
    }
  }

  @Test
  void everythingThatSpringDataJdbcMapsIsReported() {
    try (var context = start(Jdbc.class)) {
      assertThat(mapped())
          .contains(
              "customer.id",
              "customer.name",
              "customer.Mail",
              "purchase.id",
              "purchase.customer_id",
              "purchase.ship_street",
              "line.purchase_id",
              "line.position",
              "line.article",
              "coupon.purchase",
              "coupon.cents",
              "label.purchase",
              "label.purchase_key",
              "label.text")
          .hasSize(14);
      assertThat(where("customer", "name"))
          .isEqualTo("aggregate " + JdbcShop.Customer.class.getName() + ", property name");
    }
  }

  @Test
  void aMappingHoldsTheContractOfAnotherInstance() {
    Migration next = rename().switchRead().dropColumn("name");
    try (var context = start(OfItsOwn.class);
        HikariDataSource pool = Pool.of(database);
        Migrator other = Migrator.builder(pool).declare("next", next).build()) {
      other.prepare();
      other.start();
      assertThat(await(other, it -> !it.holds().isEmpty()).holds())
          .filteredOn(it -> it.reason() == Hold.Reason.MAPPED)
          .singleElement()
          .satisfies(
              it -> assertThat(it.message()).contains("the report of new users", "\"name\""));
      context.close();
      await(other, it -> it.phase() == Phase.CONTRACT);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Jpa.class, Jdbc.class})
  void aReleaseThatMapsWhatItDeclaresNotToKnowFails(Class<?> mappings, CapturedOutput output) {
    assertThatThrownBy(() -> start(mappings, Contradicting.class))
        .hasRootCauseInstanceOf(InvalidMigrationException.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "customerFullName", "dropColumn(\"name\")")
        .contains("$Customer,")
        .contains("Correct the mapping or the declaration")
        .doesNotContain("Nothing was changed in the database");
    assertThat(
            jdbc.sql("SELECT count(*) FROM migrator.instance WHERE left_at IS NULL")
                .query(Long.class)
                .single())
        .as("instances")
        .isZero();
    assertThat(jdbc.sql("SELECT count(name) FROM customer").query(Long.class).single()).isZero();
  }

  @Test
  void withoutMappingsNothingIsWaitedFor() {
    try (var context = start(Nothing.class)) {
      assertThat(
              jdbc.sql("SELECT mapped = '[]' FROM migrator.instance").query(Boolean.class).single())
          .isTrue();
    }
  }

  private ConfigurableApplicationContext start(Class<?> mappings, String... properties) {
    return start(mappings, null, properties);
  }

  private ConfigurableApplicationContext start(
      Class<?> mappings, Class<?> more, String... properties) {
    SpringApplicationBuilder application =
        new SpringApplicationBuilder(mappings).web(WebApplicationType.NONE);
    if (more != null) {
      application.sources(more);
    }
    return application
        .properties(DatabaseProperties.of(database))
        .properties("spring.liquibase.enabled=false", "migrator.release=test")
        .properties(properties)
        .run();
  }

  private List<String> mapped() {
    return jdbc.sql(
            "SELECT DISTINCT (m ->> 'table') || '.' || (m ->> 'column')"
                + " FROM migrator.instance, jsonb_array_elements(mapped) AS m")
        .query(String.class)
        .list();
  }

  private String where(String table, String column) {
    return jdbc.sql(
            "SELECT m ->> 'where' FROM migrator.instance, jsonb_array_elements(mapped) AS m"
                + " WHERE m ->> 'table' = ? AND m ->> 'column' = ?")
        .params(table, column)
        .query(String.class)
        .single();
  }

  private static Migration.Backfilled rename() {
    return Migration.define("full-name").table("customer").renameColumn("name", "full_name");
  }

  private static MigrationStatus await(Migrator migrator, Predicate<MigrationStatus> condition) {
    Await.until(() -> condition.test(status(migrator)), () -> String.valueOf(status(migrator)));
    return status(migrator);
  }

  private static MigrationStatus status(Migrator migrator) {
    return migrator.status("full-name").orElseThrow();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
  @EntityScan(basePackageClasses = JpaShop.class)
  static class Jpa {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
  @EntityScan(basePackageClasses = JdbcShop.class)
  @EnableJdbcRepositories(basePackageClasses = JdbcShop.class, considerNestedRepositories = true)
  static class Jdbc {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        HibernateJpaAutoConfiguration.class,
        DataJpaRepositoriesAutoConfiguration.class,
        DataJdbcRepositoriesAutoConfiguration.class
      })
  static class Nothing {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        HibernateJpaAutoConfiguration.class,
        DataJpaRepositoriesAutoConfiguration.class,
        DataJdbcRepositoriesAutoConfiguration.class
      })
  static class OfItsOwn {

    @Bean
    MappedColumnsProvider reports() {
      return () -> List.of(new MappedColumn("customer", "name", "the report of new users"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Contradicting {

    @Bean
    Migration customerFullName() {
      return rename().switchRead().dropColumn("name");
    }
  }
}
