package dev.migrator.internal.engine;

import dev.migrator.error.NotReadyException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts an instance again and again whose database was away, until it is there. */
final class LateStart {

  private static final Logger logger = LoggerFactory.getLogger(LateStart.class);

  private final Duration pause;

  private final Runnable start;

  private final Consumer<String> refused;

  private @Nullable CountDownLatch ended;

  private boolean expected;

  /**
   * Makes it, without a thread.
   *
   * @param start calls {@link #expect()} if the database is still away
   * @param refused told why this instance must not serve, if that comes out only then
   */
  LateStart(Duration pause, Runnable start, Consumer<String> refused) {
    this.pause = pause;
    this.start = start;
    this.refused = refused;
  }

  /** Returns whether this is the first time. */
  synchronized boolean expect() {
    expected = true;
    if (ended != null) {
      return false;
    }
    CountDownLatch end = new CountDownLatch(1);
    ended = end;
    Thread thread = new Thread(() -> run(end), "migrator-late-start");
    thread.setDaemon(true);
    thread.start();
    return true;
  }

  private void run(CountDownLatch end) {
    try {
      while (isExpected() && !end.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        startUnlessEnded(end);
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    } catch (NotReadyException ex) {
      logger.error("this instance must not serve any more: {}", ex.getMessage());
      refused.accept(String.valueOf(ex.getMessage()));
    } catch (RuntimeException ex) {
      logger.error("this instance could not be registered", ex);
    }
  }

  private synchronized boolean isExpected() {
    return expected;
  }

  private synchronized void startUnlessEnded(CountDownLatch end) {
    if (end.getCount() > 0) {
      expected = false;
      start.run();
    }
  }

  /** No more, as the instance has ended. Waits for a start that is under way. */
  synchronized void end() {
    if (ended != null) {
      ended.countDown();
      ended = null;
    }
  }
}
