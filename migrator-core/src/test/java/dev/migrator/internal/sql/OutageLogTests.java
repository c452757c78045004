package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class OutageLogTests {

  private static final Duration BEAT = Duration.ofSeconds(5);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private long now;

  private OutageLog outage;

  @BeforeEach
  void listen() {
    Logger logger = new LoggerContext().getLogger("test");
    logger.setLevel(Level.INFO);
    log.start();
    logger.addAppender(log);
    outage = new OutageLog(logger, "the lease cannot be renewed", () -> now);
  }

  @Test
  void anOutageOfTwoMinutesIsTwoLines() {
    for (int i = 0; i < 24; i++) {
      outage.failed(refused());
      now += BEAT.toNanos();
    }
    outage.ended();
    outage.ended();
    assertThat(log.list).hasSize(2);
    assertThat(log.list.get(0).getFormattedMessage())
        .startsWith("the lease cannot be renewed: ")
        .contains("Connection refused", "until it works");
    assertThat(log.list.get(0).getThrowableProxy()).isNull();
    assertThat(log.list.get(1).getFormattedMessage()).contains("it took 120 s");
  }

  @Test
  void aLongOneIsRemindedOf() {
    outage.failed(refused());
    now += Duration.ofMinutes(6).toNanos();
    outage.failed(refused());
    assertThat(log.list).hasSize(2);
    assertThat(log.list.get(1).getFormattedMessage()).contains("since 360 s");
  }

  @Test
  void anotherFailureIsAnotherLineWithItsStack() {
    outage.failed(refused());
    outage.failed(new IllegalStateException("no bean"));
    outage.failed(new IllegalStateException("no bean"));
    assertThat(log.list).hasSize(2);
    assertThat(log.list.get(1).getThrowableProxy()).isNotNull();
  }

  @Test
  void nothingIsSaidWhereNothingFailed() {
    outage.ended();
    assertThat(log.list).isEmpty();
  }

  private static RuntimeException refused() {
    return new CannotGetJdbcConnectionException(
        "no connection", new SQLException("Connection refused", "08001"));
  }
}
