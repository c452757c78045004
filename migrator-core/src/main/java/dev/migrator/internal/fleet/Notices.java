package dev.migrator.internal.fleet;

import dev.migrator.FleetListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies the listener in order, by a thread of its own: what a listener does, such as stopping
 * the application, must not wait for the library, nor the library for it.
 */
final class Notices {

  private static final Logger logger = LoggerFactory.getLogger(Notices.class);

  private final FleetListener listener;

  private final ExecutorService executor =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          DaemonThreads.named("migrator-fleet"));

  Notices(FleetListener listener) {
    this.listener = listener;
  }

  void send(Consumer<FleetListener> notice) {
    executor.execute(
        () -> {
          try {
            notice.accept(listener);
          } catch (RuntimeException ex) {
            logger.warn("a listener failed", ex);
          }
        });
  }
}
