package dev.migrator.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.keys.Keys.Way;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.traffic.Traffic;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A table gets a column, and loses one, while instances with Spring Boot's defaults insert into it
 * and select all of its columns: no statement that they have prepared fails.
 */
class KeysRolloutIT {

  private TestDatabase database;

  private final Traffic<Keys> traffic = new Traffic<>(KeysRolloutIT::round);

  @BeforeEach
  void createTable() {
    database = TestPostgres.newDatabase();
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql(
            "CREATE TABLE owner (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, telephone text)")
        .update();
    jdbc.sql(
            "INSERT INTO owner (name, telephone) SELECT 'Loaded', '+1 ' || n FROM generate_series(1, 5000) n")
        .update();
  }

  @AfterEach
  void dropDatabase() {
    traffic.close();
    database.close();
  }

  @Test
  void noInsertFailsWhateverItReturns() throws InterruptedException {
    try (ConfigurableApplicationContext old = start();
        ConfigurableApplicationContext beside = start()) {
      traffic.serve(old.getBean(Keys.class));
      traffic.serve(beside.getBean(Keys.class));
      traffic.start();
      traffic.awaitMore(100);
      try (ConfigurableApplicationContext next = start("keys.rename=true")) {
        traffic.serve(next.getBean(Keys.class));
        traffic.awaitMore(100);
        for (ConfigurableApplicationContext each : List.of(old, beside)) {
          traffic.retire(each.getBean(Keys.class));
          each.close();
        }
        Migrator migrator = next.getBean(Migrator.class);
        Await.until(
            () ->
                migrator.status(KeysApplication.RENAME).orElseThrow().state()
                    == MigrationStatus.State.COMPLETED,
            () -> String.valueOf(migrator.status(KeysApplication.RENAME)));
        traffic.awaitMore(100);
        traffic.stop();
      }
    }
    assertThat(traffic.faults()).isEmpty();
  }

  private static void round(Traffic<Keys>.Client client, String name) {
    for (Way way : Way.values()) {
      long id = client.request(it -> it.insert(way, name + way));
      client.expect(List.of(name + way), client.request(it -> it.names(id)));
    }
  }

  private ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(KeysApplication.class)
        .web(WebApplicationType.NONE)
        .properties(DatabaseProperties.of(database))
        .properties("spring.liquibase.enabled=false", "migrator.contract.retention=0s")
        .properties(properties)
        .run();
  }
}
