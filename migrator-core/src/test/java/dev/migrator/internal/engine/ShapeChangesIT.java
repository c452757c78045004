package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A table gets another column when every instance protects its prepared statements, or is named.
 */
class ShapeChangesIT {

  private static final Migration EMAIL =
      Migration.define("email").table("users").addColumn("email", "text");

  private static final String COLUMNS =
      "SELECT count(*) FROM information_schema.columns WHERE table_name = 'users'";

  private final Fixture fixture = new Fixture();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private final Logger logger = (Logger) LoggerFactory.getLogger(ShapeChanges.class);

  @BeforeEach
  void createTable() {
    fixture.execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
        "INSERT INTO users VALUES (1, 'Ada')");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    fixture.close();
  }

  @Test
  void itIsWaitedForWhoCanProtectThem() throws Exception {
    CompletableFuture<String> whenAsked = new CompletableFuture<>();
    fixture.started(
        fixture
            .release(Fixture.AUTO, "1")
            .statementProtection(() -> whenAsked.complete(fixture.value(COLUMNS))));
    Migrator second = fixture.started(fixture.release(Fixture.AUTO, "2", EMAIL));
    Fixture.awaitPhase(second, EMAIL.id(), Phase.EXPAND);
    assertThat(fixture.value(COLUMNS)).isEqualTo("3");
    assertThat(whenAsked.get(3, TimeUnit.MINUTES)).as("before it was asked").isEqualTo("2");
    assertThat(log.list).isEmpty();
  }

  @Test
  void whoDoesNotAnswerWithinTheLimitIsNamedAndTheStepGoesOn() {
    MigratorSettings settings =
        Fixture.AUTO.toBuilder().fleet(it -> it.protectionLimit(Duration.ofMillis(100))).build();
    fixture.started(fixture.release(settings, "1"));
    fixture.execute(
        Registration.sql("deaf", "1 hour"),
        Registration.sql("without-protection", "1 hour"),
        "UPDATE migrator.instance SET protection = 0 WHERE name = 'deaf'");
    Migrator second = fixture.started(fixture.release(settings, "2", EMAIL));
    Fixture.awaitPhase(second, EMAIL.id(), Phase.EXPAND);
    assertThat(List.copyOf(log.list))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getLevel()).isEqualTo(Level.WARN);
              assertThat(it.getFormattedMessage())
                  .contains("goes on, though these instances did not say within PT0.1S")
                  .contains("prepared statements: deaf;");
            });
  }
}
