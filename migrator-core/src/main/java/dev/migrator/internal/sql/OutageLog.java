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

  private @Nullable String known;

  private long since;

  private long said;

  /**
   * Makes one.
   *
   * @param what what fails, as the beginning of a sentence
   */
  public OutageLog(Logger logger, String what) {
    this(logger, what, System::nanoTime);
  }

  OutageLog(Logger logger, String what, LongSupplier clock) {
    this.logger = logger;
    this.what = what;
    this.clock = clock;
  }

  /** It failed. */
  public synchronized void failed(RuntimeException failure) {
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
    if (known != null) {
      known = null;
      logger.info("it is over that {}; it took {} s", what, seconds(clock.getAsLong()));
    }
  }

  private long seconds(long now) {
    return Duration.ofNanos(now - since).toSeconds();
  }
}
