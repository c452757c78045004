package dev.migrator.fleet;

import dev.migrator.FleetListener;
import dev.migrator.FleetSettings;
import dev.migrator.MappedColumn;
import dev.migrator.NotReadyException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * This instance's place in the fleet: registered, renewed by a heartbeat, given back.
 *
 * <p>A lease counts from the moment in which its renewal was sent, on this machine's own clocks,
 * which are never compared with others (see {@link LeaseWatch}). After a freeze the first look at
 * them says that it is over, before any heartbeat was tried.
 */
public final class Membership {

  private static final Logger logger = LoggerFactory.getLogger(Membership.class);

  private static final long LOOK = 200;

  private final Registry registry;

  private final Self self;

  private final FleetSettings settings;

  private final FleetListener listener;

  private final Supplier<@Nullable String> refusal;

  private final ReadSwitches switches;

  private @Nullable ScheduledThreadPoolExecutor executor;

  private volatile State state = State.OUTSIDE;

  private volatile String shapes = "";

  private volatile Lease lease = new Lease(0, 0);

  /** Taken for gone, and not sure yet that everything its code needs is there. */
  private boolean away;

  /**
   * Makes it, without joining.
   *
   * @param refusal looks whether something that this release needs was taken away
   */
  public Membership(
      Registry registry,
      Self self,
      FleetSettings settings,
      FleetListener listener,
      ReadSwitches switches,
      Supplier<@Nullable String> refusal) {
    this.registry = registry;
    this.self = self;
    this.settings = settings;
    this.listener = listener;
    this.switches = switches;
    this.refusal = refusal;
  }

  /**
   * Registers, before anything is looked at that the others could take away.
   *
   * @throws NotReadyException if another live instance has the name that was given to this one
   */
  public synchronized void join() {
    if (executor != null) {
      return;
    }
    Lease sent = Lease.now();
    registry.register(self, Duration.ofMillis(uptime()));
    if (self.nameIsGiven()) {
      sent = insistOnName(sent);
    }
    renewed(sent);
    executor = beat();
  }

  /**
   * A predecessor of the same name may have been killed; then its lease ends. If it is renewed, it
   * lives. Of two that come at once, both may be refused.
   */
  private Lease insistOnName(Lease joined) {
    Lease sent = joined;
    Instant first = registry.taken(self);
    for (Instant until = first; until != null; until = registry.taken(self)) {
      if (until.isAfter(first)) {
        registry.leave(self);
        throw new NotReadyException(
            "another live instance is named \"%s\", too; give each instance a name of its own (migrator.instance-id), or none"
                .formatted(self.name()));
      }
      registry.leave(self);
      pause();
      sent = Lease.now();
      registry.register(self, Duration.ofMillis(uptime()));
    }
    return sent;
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(settings.heartbeat().toMillis());
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      throw new NotReadyException("interrupted while waiting for the name of this instance");
    }
  }

  private ScheduledThreadPoolExecutor beat() {
    ScheduledThreadPoolExecutor threads =
        // One thread for each of them: the others may hang in the database or wait for a
        // connection.
        new ScheduledThreadPoolExecutor(
            4,
            work -> {
              Thread thread = new Thread(work, "migrator-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    long period = settings.heartbeat().toMillis();
    threads.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(this::watch, LOOK, LOOK, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(switches::lookIfUnsettled, LOOK, LOOK, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(switches::lookAgain, period, period, TimeUnit.MILLISECONDS);
    return threads;
  }

  /** Gives the place back, when no code of this instance uses the database any longer. */
  public synchronized void leave() {
    ScheduledThreadPoolExecutor threads = executor;
    if (threads == null) {
      return;
    }
    executor = null;
    threads.shutdownNow();
    if (state != State.REFUSED) {
      state = State.OUTSIDE;
    }
    try {
      // A heartbeat that is under way only renews what has not left.
      registry.leave(self);
    } catch (DataAccessException | TransactionException ex) {
      logger.debug("the registration could not be given back; its lease ends by itself", ex);
    }
  }

  /** Tells which columns the code maps. */
  public void mapped(Collection<MappedColumn> columns) {
    registry.mapped(self, columns);
  }

  /** Whether code of this instance may use the database now. */
  public boolean mayServe() {
    return switch (state) {
      case OUTSIDE -> true; // The start comes before, and the last of the shutdown behind.
      case MEMBER -> !lease.isOver();
      case PAUSED, REFUSED -> false;
    };
  }

  private void renew() {
    if (state == State.REFUSED) {
      return;
    }
    try {
      Lease sent = Lease.now();
      String found = away ? null : registry.beat(self);
      if (found != null) {
        stillThere(sent);
        look(found);
      } else {
        comeBack();
      }
    } catch (RuntimeException ex) {
      // Whatever it was, also of a listener: without the next heartbeat this instance would be
      // lost.
      logger.warn("the lease of this instance could not be renewed: {}", ex.getMessage());
    }
  }

  private synchronized void stillThere(Lease sent) {
    if (executor != null) { // Else it has left by itself meanwhile.
      renewed(sent);
    }
  }

  /**
   * Others have taken this instance for gone: what its code needs may be gone as well. As long as
   * that was not looked at, a heartbeat is not enough, though it would find the new registration.
   */
  private synchronized void comeBack() {
    if (executor == null) {
      return; // It has left by itself.
    }
    away = true;
    pauseServing("it was taken for gone, as it had not renewed its lease");
    Lease sent = Lease.now();
    registry.register(self, Duration.ofMillis(uptime()));
    String reason = refusal.get();
    if (reason != null) {
      state = State.REFUSED;
      registry.leave(self);
      logger.error("this instance must not serve any more: {}", reason);
      listener.refused(reason);
      return;
    }
    switches.startAnew();
    away = false;
    renewed(sent);
  }

  /**
   * At the first look every unfinished change counts as new: it may have come when connections were
   * open already.
   */
  private void look(String found) {
    if (!shapes.equals(found)) {
      shapes = found;
      listener.shapesChanged();
    }
  }

  private void renewed(Lease sent) {
    // A third is left for those who send requests to notice, should this be the last renewal.
    lease = sent.plus(settings.leaseTime().multipliedBy(2).dividedBy(3));
    if (lease.isOver()) {
      return; // This machine stood still between the answer and here.
    }
    State before = state;
    state = State.MEMBER;
    if (before == State.PAUSED) {
      logger.info("this instance is registered again and may serve");
      listener.resumed();
    }
  }

  private void watch() {
    if (state == State.MEMBER && lease.isOver()) {
      pauseServing("its lease could not be renewed in time");
    }
  }

  private void pauseServing(String reason) {
    if (state == State.MEMBER) {
      state = State.PAUSED;
      logger.warn("this instance must not serve for the moment: {}", reason);
      listener.paused(reason);
    }
  }

  private static long uptime() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  private enum State {
    OUTSIDE,
    MEMBER,
    PAUSED,
    REFUSED
  }

  /**
   * Until when this instance may serve. A monotonic clock may stand still while its machine sleeps,
   * another may be set; the lease is over as soon as one of them says so.
   */
  private record Lease(long nanoTime, long millis) {

    static Lease now() {
      return new Lease(System.nanoTime(), System.currentTimeMillis());
    }

    Lease plus(Duration time) {
      return new Lease(nanoTime + time.toNanos(), millis + time.toMillis());
    }

    boolean isOver() {
      return System.nanoTime() - nanoTime >= 0 || System.currentTimeMillis() >= millis;
    }
  }
}
