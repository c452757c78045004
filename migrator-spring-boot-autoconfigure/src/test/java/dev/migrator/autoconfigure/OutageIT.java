package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How much a whole application says while its database is away. */
class OutageIT {

  private final Recorded log = new Recorded();

  private TestDatabase database;

  private CuttableWire wire;

  @BeforeEach
  void createDatabase() throws IOException {
    database = TestPostgres.newDatabase();
    wire = new CuttableWire(database.server().host(), database.server().port());
  }

  @AfterEach
  void dropDatabase() throws IOException {
    logger().detachAppender(log);
    logger().setLevel(Level.INFO);
    wire.close();
    database.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("dev.migrator");
  }

  @Test
  void whereEverythingIsReached() {
    try (Http http = start()) {
      await(http, UsersApplication.RENAME, MigrationStatus.State.REACHED);
      assertThatItSaysLittle(http);
    }
  }

  /** The background work looks for the end of the hold, and meets the outage as well. */
  @Test
  void whereAChangeIsHeld() {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE extra (id bigint, nick text)").update();
    jdbc.sql("INSERT INTO extra VALUES (1, 'Ada')").update();
    try (Migrator old =
            Migrator.builder(database.dataSource()).application("users", "old").build();
        Http http = start(Held.class)) {
      old.prepare();
      await(http, Held.ID, MigrationStatus.State.HELD);
      assertThatItSaysLittle(http);
    }
  }

  /**
   * The second heartbeat from now on tells of all changes until now, and has done so when the third
   * is there.
   */
  private void awaitHeartbeat() {
    long now = beats();
    Await.until(() -> beats() >= now + 3);
  }

  private long beats() {
    return JdbcClient.create(database.dataSource())
        .sql("SELECT beats FROM migrator.instance WHERE release <> 'old' AND left_at IS NULL")
        .query(Long.class)
        .single();
  }

  private void assertThatItSaysLittle(Http http) {
    awaitHeartbeat();
    // The start of the application has set all loggers up anew.
    log.start();
    logger().setLevel(Level.DEBUG);
    logger().addAppender(log);
    wire.cut();
    Migrator migrator = http.application().getBean(Migrator.class);
    Await.until(() -> !migrator.mayServe());
    Await.until(() -> log.silent.get() > 20);
    assertThat(log.lines)
        .hasSize(2)
        .anyMatch(it -> it.startsWith("WARN there is no connection to the database"))
        .anyMatch(it -> it.startsWith("WARN this instance must not serve for the moment"));
    wire.mend();
    Await.until(migrator::mayServe);
    Await.until(() -> log.lines.stream().anyMatch(it -> it.contains("it is over that")));
    assertThat(log.lines)
        .hasSize(4)
        .anyMatch(it -> it.startsWith("INFO it is over that there is no connection"))
        .anyMatch(it -> it.startsWith("INFO this instance may serve again"));
  }

  private static void await(Http http, String id, MigrationStatus.State state) {
    Migrator migrator = http.application().getBean(Migrator.class);
    Await.until(
        () -> migrator.status(id).orElseThrow().state() == state,
        () -> String.valueOf(migrator.status(id)));
  }

  private Http start(Class<?>... more) {
    return new Http(
        UsersApplication.on(database, more)
            .properties(
                "spring.datasource.url=jdbc:postgresql://localhost:%d/%s"
                    .formatted(wire.port(), database.name()),
                "spring.datasource.hikari.connection-timeout=500",
                "migrator.fleet.lease-time=9s",
                "migrator.fleet.heartbeat=300ms")
            .run());
  }

  @Configuration(proxyBeanMethods = false)
  static class Held {

    static final String ID = "2026-11-23-extra-nick";

    @Bean
    Migration nick() {
      return Migration.define(ID).table("extra").dropColumn("nick");
    }
  }

  private static final class Recorded extends AppenderBase<ILoggingEvent> {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Failures that are not told again. */
    private final AtomicInteger silent = new AtomicInteger();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
      } else if (event.getFormattedMessage().endsWith(" again")) {
        silent.incrementAndGet();
      }
    }
  }
}
