package dev.migrator.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.orders.release1.Release1;
import dev.migrator.orders.release2.Release2;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.traffic.Traffic;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with JPA entities and Spring Data repositories renames a column in one deploy,
 * while both releases are in use.
 */
class OrdersRolloutIT {

  private static final int LOADED = 5000;

  private TestDatabase database;

  private JdbcClient jdbc;

  private final Traffic<Orders> traffic = new Traffic<>(new OrdersTraffic());

  @BeforeEach
  void createTables() {
    database = TestPostgres.newDatabase();
    jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql(
            """
            CREATE TABLE purchase_order (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              version integer NOT NULL,
              customer text NOT NULL);
            CREATE INDEX ON purchase_order (customer);
            CREATE TABLE order_line (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              purchase_order_id bigint NOT NULL REFERENCES purchase_order,
              position integer NOT NULL,
              article text NOT NULL)
            """)
        .update();
    jdbc.sql(
            "INSERT INTO purchase_order (version, customer) SELECT 0, 'Loaded ' || n FROM generate_series(1, ?) n")
        .param(LOADED)
        .update();
  }

  @AfterEach
  void dropDatabase() {
    traffic.close();
    database.close();
  }

  @Test
  void aColumnIsRenamedInOneDeploy() throws InterruptedException {
    try (var first = start(Release1.class);
        var second = start(Release1.class)) {
      traffic.serve(first.getBean(Orders.class));
      traffic.serve(second.getBean(Orders.class));
      traffic.start();
      try (var third = start(Release2.class)) {
        traffic.serve(third.getBean(Orders.class));
        traffic.awaitMore(200);
        await(third, it -> holds(it, Hold.Reason.OLD_INSTANCES, "Release1"));

        traffic.retire(first.getBean(Orders.class));
        first.close();
        traffic.awaitMore(200);
        // The entity alone would be reason enough.
        await(third, it -> holds(it, Hold.Reason.OLD_INSTANCES, "Release1"));
        await(third, it -> holds(it, Hold.Reason.MAPPED, "PurchaseOrder"));

        traffic.retire(second.getBean(Orders.class));
        second.close();
        await(third, it -> it.state() == MigrationStatus.State.COMPLETED);
        traffic.awaitMore(200);
        traffic.stop();
        assertThat(traffic.faults()).isEmpty();
        for (long order : List.of(1L, (long) LOADED)) {
          assertThat(third.getBean(Orders.class).customer(order)).isEqualTo("Loaded " + order);
        }
      }
    }
  }

  private static boolean holds(MigrationStatus status, Hold.Reason reason, String named) {
    return status.holds().stream()
        .anyMatch(it -> it.reason() == reason && it.message().contains(named));
  }

  private ConfigurableApplicationContext start(Class<?> release) {
    return new SpringApplicationBuilder(release)
        .web(WebApplicationType.NONE)
        .properties(DatabaseProperties.of(database))
        .properties(
            "spring.jpa.hibernate.ddl-auto=none",
            "spring.liquibase.enabled=false",
            "migrator.contract.retention=0s",
            "migrator.release=" + release.getSimpleName())
        .run();
  }

  private static MigrationStatus await(
      ConfigurableApplicationContext context, Predicate<MigrationStatus> condition) {
    Migrator migrator = context.getBean(Migrator.class);
    Await.until(() -> condition.test(status(migrator)), () -> String.valueOf(status(migrator)));
    return status(migrator);
  }

  private static MigrationStatus status(Migrator migrator) {
    return migrator.status("orders-customer-name").orElseThrow();
  }
}
