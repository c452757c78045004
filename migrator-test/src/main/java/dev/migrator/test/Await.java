package dev.migrator.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for a condition that another thread or process fulfils. The limit only ends what would
 * never come: it is far beyond what the slowest machine needs.
 */
public final class Await {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);

  /** How many times as long as a look the pause behind it is, within reason. */
  private static final int LOOKS = 8;

  private Await() {}

  /**
   * Waits.
   *
   * @param condition asked again and again
   * @throws AssertionError if the condition is never fulfilled
   */
  public static void until(BooleanSupplier condition) {
    until(condition, () -> "what the test waits for");
  }

  /**
   * Waits.
   *
   * @param condition asked again and again
   * @param what says what is missing
   * @throws AssertionError if the condition is never fulfilled
   */
  public static void until(BooleanSupplier condition, Supplier<String> what) {
    long start = System.nanoTime();
    long look = start;
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (now - start > LIMIT.toNanos()) {
        throw new AssertionError(
            "not reached within %s: %s; threads: %s".formatted(LIMIT, what.get(), threads()));
      }
      LockSupport.parkNanos(pause(now - start, now - look));
      look = System.nanoTime();
    }
  }

  /** Those of the library that run: the one that has ended may be the one that is waited for. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(it -> it.startsWith("migrator"))
        .sorted()
        .toList();
  }

  /**
   * The longer it takes, the less it matters, and what is waited for needs the processor that the
   * looks take.
   */
  private static long pause(long waited, long lookTook) {
    long patience = Math.max(SHORTEST, Math.min(LONGEST, waited / 8));
    return Math.max(patience, Math.min(LOOKS * lookTook, 2 * LONGEST));
  }
}
