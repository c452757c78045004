package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.internal.engine.step.LockedTransactions;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of a step that does not get its lock, which it tries for minutes. */
class LockWarningIT {

  private static final Migration RENAME =
      Migration.define("full-name").table("users").renameColumn("name", "full_name");

  private final Fixture fixture = new Fixture();

  private final DataSource others = fixture.pool(2);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private final Logger logger = (Logger) LoggerFactory.getLogger(LockedTransactions.class);

  @BeforeEach
  void createTable() {
    fixture.execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
        "INSERT INTO users VALUES (1, 'Ada')");
    log.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    logger.setLevel(null);
    fixture.close();
  }

  @Test
  void isSaidOnceForWhoeverIsInTheWay() throws Exception {
    Migrator migrator = fixture.migrator(RENAME);
    CompletableFuture<Void> start;
    try (Connection first = holding();
        Connection second = others.getConnection()) {
      start = CompletableFuture.runAsync(migrator::prepare);
      awaitAttempts(4);
      assertThat(warnings()).hasSize(1);
      second.setAutoCommit(false);
      second.createStatement().execute("SELECT * FROM users");
      first.rollback();
      awaitAttempts(attempts() + 3);
      assertThat(warnings().get(warnings().size() - 1)).contains("in the way: pid ");
      assertThat(warnings()).hasSizeBetween(2, 3); // Between the two, both may be in the way.
      second.rollback();
    }
    start.join();
    migrator.start();
    Fixture.awaitPhase(migrator, "full-name", Phase.BACKFILL);
  }

  private Connection holding() throws Exception {
    Connection connection = others.getConnection();
    connection.setAutoCommit(false);
    connection.createStatement().execute("SELECT * FROM users");
    return connection;
  }

  private void awaitAttempts(long number) {
    Fixture.await(() -> attempts() >= number, () -> String.valueOf(log.list));
  }

  private long attempts() {
    return List.copyOf(log.list).stream()
        .filter(it -> it.getFormattedMessage().contains("did not get"))
        .count();
  }

  private List<String> warnings() {
    return List.copyOf(log.list).stream()
        .filter(it -> it.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(it -> it.contains("did not get its lock"))
        .toList();
  }
}
