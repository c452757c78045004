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
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError(
            "not reached within %s: %s; threads: %s".formatted(LIMIT, what.get(), threads()));
      }
      LockSupport.parkNanos(pause(System.nanoTime() - start));
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

  /** The longer it takes, the less it matters, and a look may cost more than what it waits for. */
  private static long pause(long waited) {
    return Math.max(SHORTEST, Math.min(LONGEST, waited / 8));
  }
}
