package dev.migrator.autoconfigure;

import dev.migrator.FleetListener;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Notifies every {@link FleetListener} bean, one after the other. They are looked up when all
 * singletons are there, as they may use beans that wait for the migrations; the last message before
 * that is delivered then.
 */
final class FleetListeners implements SmartInitializingSingleton {

  private static final Logger logger = LoggerFactory.getLogger(FleetListeners.class);

  private final ObjectProvider<FleetListener> beans;

  private @Nullable List<FleetListener> listeners;

  private @Nullable Consumer<FleetListener> untold;

  FleetListeners(ObjectProvider<FleetListener> beans) {
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<FleetListener> found = beans.orderedStream().toList();
    synchronized (this) {
      listeners = found;
      if (untold != null) {
        tell(untold);
        untold = null;
      }
    }
  }

  private synchronized void tell(Consumer<FleetListener> message) {
    if (listeners == null) {
      untold = message;
      return;
    }
    tellWhoIsThere(message);
  }

  private synchronized void tellWhoIsThere(Consumer<FleetListener> message) {
    if (listeners == null) {
      return;
    }
    for (FleetListener listener : listeners) {
      try {
        message.accept(listener);
      } catch (RuntimeException ex) {
        // The others must still be notified: one of them takes this instance out of service.
        logger.error("{} failed", listener, ex);
      }
    }
  }

  /** Not a bean itself, or it would notify itself. */
  FleetListener asListener() {
    return new FleetListener() {

      @Override
      public void paused(String reason) {
        tell(listener -> listener.paused(reason));
      }

      @Override
      public void resumed() {
        tell(FleetListener::resumed);
      }

      @Override
      public void refused(String reason) {
        tell(listener -> listener.refused(reason));
      }

      @Override
      public void shapesChanged() {
        tellWhoIsThere(FleetListener::shapesChanged);
      }
    };
  }
}
