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

  private Logger logger;

  private long now;

  private OutageLog outage;

  @BeforeEach
  void listen() {
    logger = new LoggerContext().getLogger("test");
    logger.setLevel(Level.INFO);
    log.start();
    logger.addAppender(log);
    outage = new OutageLog(logger, "the lease cannot be renewed", null, () -> now);
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

  /** Several parts of an instance meet the same outage. */
  @Test
  void onePartTellsItForAll() {
    OutageLog other = new OutageLog(logger, "the work is interrupted", outage, () -> now);
    other.failed(refused());
    outage.failed(refused());
    other.failed(new IllegalStateException("no bean"));
    outage.ended();
    other.ended();
    assertThat(log.list)
        .extracting(it -> it.getFormattedMessage().replaceAll("[:;].*", ""))
        .containsExactly(
            "the lease cannot be renewed",
            "the work is interrupted",
            "it is over that the lease cannot be renewed",
            "it is over that the work is interrupted");
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
