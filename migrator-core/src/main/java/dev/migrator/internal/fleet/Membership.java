package dev.migrator.internal.fleet;

import dev.migrator.FleetListener;
import dev.migrator.MappedColumn;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.Timings;
import dev.migrator.settings.FleetSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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

  private final Registry registry;

  private final InstanceInfo self;

  private final FleetSettings settings;

  private final FleetListener listener;

  private final Supplier<@Nullable String> refusal;

  private final Runnable help;

  private final ReadSwitches switches;

  private final Timings timings;

  private volatile @Nullable ScheduledThreadPoolExecutor executor;

  /** Held while this instance registers or leaves, which may take as long as the database does. */
  private final ReentrantLock registration = new ReentrantLock();

  /** Guards the state and the order of what is told of it; never held during I/O. */
  private final Object change = new Object();

  /** What a listener does, such as ending the application, must not wait for us, nor we for it. */
  private final ExecutorService notices =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          it -> thread(it, "migrator-fleet"));

  private volatile @Nullable Collection<MappedColumn> mapped;

  private volatile State state = State.OUTSIDE;

  private volatile String shapes = "";

  private volatile Lease lease = new Lease(0, 0);

  private volatile @Nullable String refused;

  /** Taken for gone, and not sure yet that everything its code needs is there. */
  private volatile boolean away;

  private volatile boolean wasAway;

  /**
   * Makes it, without joining.
   *
   * @param refusal looks whether something that this release needs was taken away
   * @param help told at each heartbeat while there are rows to be worked on
   */
  public Membership(
      Registry registry,
      InstanceInfo self,
      FleetSettings settings,
      FleetListener listener,
      ReadSwitches switches,
      Supplier<@Nullable String> refusal,
      Runnable help,
      Timings timings) {
    this.registry = registry;
    this.self = self;
    this.settings = settings;
    this.listener = listener;
    this.switches = switches;
    this.refusal = refusal;
    this.help = help;
    this.timings = timings;
  }

  /**
   * Registers, before anything is looked at that the others could take away.
   *
   * @return whether it was not registered before
   * @throws NotReadyException if another live instance has the name that was given to this one
   */
  public boolean join() {
    registration.lock();
    try {
      if (executor != null) {
        return false;
      }
      if (!self.mapsLater() && mapped == null) {
        mapped = List.of();
      }
      Lease sent = Lease.now();
      register();
      if (self.nameIsGiven()) {
        sent = insistOnName(sent);
      }
      renewed(sent);
      executor = beat();
      return true;
    } finally {
      registration.unlock();
    }
  }

  private void register() {
    registry.register(self, Duration.ofMillis(uptime()), mapped);
  }

  /**
   * A predecessor of the same name may have been killed; then its lease ends. If it is renewed, it
   * lives. Of two that come at once, both may be refused.
   */
  private Lease insistOnName(Lease joined) {
    Lease sent = joined;
    Instant first = registry.taken(self);
    if (first != null) {
      logger.info(
          "another instance is named \"{}\", too; waiting until {} for a sign that it lives",
          self.name(),
          first);
    }
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
      register();
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
        // One for each task: the others may hang in the database or wait for a connection.
        new ScheduledThreadPoolExecutor(3, work -> thread(work, "migrator-heartbeat"));
    long period = settings.heartbeat().toMillis();
    threads.scheduleWithFixedDelay(
        () -> registry.soon(this::renew), period, period, TimeUnit.MILLISECONDS);
    long often = timings.fleet().lookAgain().toMillis();
    threads.scheduleWithFixedDelay(this::watch, often, often, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(
        () -> registry.soon(this::look), often, often, TimeUnit.MILLISECONDS);
    return threads;
  }

  /** Gives the place back, when no code of this instance uses the database any longer. */
  public void leave() {
    ScheduledThreadPoolExecutor threads = executor;
    if (threads == null) {
      return;
    }
    executor = null;
    threads.shutdownNow();
    synchronized (change) {
      if (state != State.REFUSED) {
        state = State.OUTSIDE;
      }
    }
    // A heartbeat that is under way only renews what has not left. One that registers anew is
    // waited for, but not for ever: then the lease ends by itself.
    boolean alone = false;
    try {
      alone = registration.tryLock(timings.limits().leave().toMillis(), TimeUnit.MILLISECONDS);
      registry.leave(self);
    } catch (DataAccessException | TransactionException ex) {
      logger.debug("the registration could not be given back; its lease ends by itself", ex);
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    } finally {
      if (alone) {
        registration.unlock();
      }
    }
  }

  /** Tells which columns the code maps. */
  public void mapped(Collection<MappedColumn> columns) {
    // Also told by every registration from now on.
    mapped = List.copyOf(columns);
    registry.mapped(self, columns);
  }

  /** Why this instance must not serve any more; {@code null} if it may. */
  public @Nullable String refused() {
    return refused;
  }

  /** Whether this instance was ever taken for gone, so that others may not have waited for it. */
  public boolean wasAway() {
    return wasAway;
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
      Registry.Beat found = away ? null : registry.beat(self);
      if (found != null) {
        stillThere(sent);
        registry.watchOthers();
        noteShapes(found.shapes());
        if (found.work()) {
          help.run();
        }
      } else {
        comeBack();
      }
    } catch (RuntimeException ex) {
      // Whatever it was: without the next heartbeat this instance would be lost.
      logger.warn("the lease of this instance could not be renewed: {}", ex.getMessage());
    }
  }

  private void stillThere(Lease sent) {
    if (executor != null) { // Else it has left by itself meanwhile.
      renewed(sent);
    }
  }

  private void look() {
    if (state != State.REFUSED) {
      switches.lookIfDue(settings.heartbeat());
    }
  }

  /**
   * Others have taken this instance for gone: what its code needs may be gone as well. As long as
   * that was not looked at, a heartbeat is not enough, though it would find the new registration.
   */
  private void comeBack() {
    registration.lock();
    try {
      if (executor != null) { // Else it has left by itself.
        comeBackOrNot();
      }
    } finally {
      registration.unlock();
    }
  }

  private void comeBackOrNot() {
    away = true;
    wasAway = true;
    pauseServing("it was taken for gone, as it had not renewed its lease");
    Lease sent = Lease.now();
    register();
    String reason = refusal.get();
    if (reason != null) {
      refused = reason;
      synchronized (change) {
        state = State.REFUSED;
      }
      logger.error("this instance must not serve any more: {}", reason);
      try {
        registry.leave(self);
      } finally {
        tell(() -> listener.refused(reason));
      }
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
  private void noteShapes(String found) {
    if (!shapes.equals(found)) {
      shapes = found;
      tell(listener::shapesChanged);
    }
  }

  private void renewed(Lease sent) {
    // A third is left for those who send requests to notice, should this be the last renewal.
    Lease renewed = sent.plus(settings.leaseTime().multipliedBy(2).dividedBy(3));
    synchronized (change) {
      lease = renewed;
      if (renewed.isOver()) {
        // This machine stood still between the answer and here.
        state = (state == State.OUTSIDE) ? State.PAUSED : state;
      } else if (state == State.PAUSED) {
        state = State.MEMBER;
        tell(listener::resumed);
      } else if (state == State.OUTSIDE) {
        state = State.MEMBER;
      }
    }
  }

  private void watch() {
    if (lease.isOver()) {
      pauseServing("its lease could not be renewed in time");
    }
  }

  private void pauseServing(String reason) {
    synchronized (change) {
      if (state != State.MEMBER) {
        return;
      }
      state = State.PAUSED;
      tell(() -> listener.paused(reason));
    }
    logger.warn("this instance must not serve for the moment: {}", reason);
  }

  /** In the order of the changes, which the lock on them gives. */
  private void tell(Runnable notice) {
    notices.execute(
        () -> {
          try {
            notice.run();
          } catch (RuntimeException ex) {
            logger.warn("a listener failed", ex);
          }
        });
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
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
