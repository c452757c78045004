package dev.migrator.internal.sql;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Says once that something fails which is tried again and again, and once that it works again. An
 * outage of the database would otherwise fill the log. Another kind of failure is another line.
 */
public final class OutageLog {

  private static final long REMIND = Duration.ofMinutes(5).toNanos();

  private final Logger logger;

  private final String what;

  private final LongSupplier clock;

  private final @Nullable OutageLog connection;

  private @Nullable String known;

  private long since;

  private long said;

  /**
   * Makes one.
   *
   * @param what what fails, as the beginning of a sentence
   */
  OutageLog(Logger logger, String what) {
    this(logger, what, null, System::nanoTime);
  }

  /**
   * Makes one that leaves it to another one to say that the database is away.
   *
   * @param connection says that, for all parts of an instance
   */
  OutageLog(Logger logger, String what, OutageLog connection) {
    this(logger, what, connection, System::nanoTime);
  }

  OutageLog(Logger logger, String what, @Nullable OutageLog connection, LongSupplier clock) {
    this.logger = logger;
    this.what = what;
    this.connection = connection;
    this.clock = clock;
  }

  /** It failed. */
  public synchronized void failed(RuntimeException failure) {
    if (connection != null && SqlState.isConnectionLost(failure)) {
      connection.failed(failure);
      return;
    }
    String kind = failure.getClass().getName() + SqlState.of(failure);
    long now = clock.getAsLong();
    if (known == null) {
      since = now;
    }
    if (SqlState.isConnectionLost(failure)) {
      kind = "connection";
    }
    boolean again = kind.equals(known);
    if (again && now - said < REMIND) {
      logger.debug("{} again", what, failure);
      return;
    }
    known = kind;
    said = now;
    if (again) {
      logger.warn("{} since {} s: {}", what, seconds(now), SqlState.describe(failure));
    } else if (kind.equals("connection")) {
      logger.warn("{}: {}; it is tried again until it works", what, SqlState.describe(failure));
    } else {
      logger.warn("{}; it is tried again until it works", what, failure);
    }
  }

  /** It works. */
  public synchronized void ended() {
    if (connection != null) {
      connection.ended();
    }
    if (known != null) {
      known = null;
      logger.info("it is over that {}; it took {} s", what, seconds(clock.getAsLong()));
    }
  }

  private long seconds(long now) {
    return Duration.ofNanos(now - since).toSeconds();
  }
}
