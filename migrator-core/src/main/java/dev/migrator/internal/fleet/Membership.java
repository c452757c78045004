package dev.migrator.internal.fleet;

import dev.migrator.FleetListener;
import dev.migrator.MappedColumn;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.sql.OutageLog;
import dev.migrator.internal.sql.Outages;
import dev.migrator.settings.FleetSettings;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** This instance's place in the fleet: registered, renewed by a heartbeat, given back. */
public final class Membership {

  private static final Logger logger = LoggerFactory.getLogger(Membership.class);

  private final Registry registry;

  private final InstanceInfo self;

  private final FleetSettings settings;

  private final Supplier<@Nullable String> refusal;

  private final Runnable wake;

  private final ReadSwitches switches;

  private final Protection protection;

  private final Supplier<Collection<String>> sessionNames;

  private final Timings timings;

  private final HeartbeatPace pace;

  private final Notices notices;

  private final ServingState serving;

  /**
   * Of this stay in the fleet. A heartbeat of an earlier one may still be under way, and find that
   * this instance has left: that says nothing of the stay that has begun since.
   */
  private volatile @Nullable ScheduledThreadPoolExecutor executor;

  /** Held while this instance registers or leaves, which may take as long as the database does. */
  private final ReentrantLock registration = new ReentrantLock();

  private volatile @Nullable Collection<MappedColumn> mapped;

  /** How often tables had got other columns at the last look. */
  private volatile long changes;

  /** Presumed dead, and not sure yet that everything its code needs is there. */
  private volatile boolean away;

  private volatile boolean wasPresumedDead;

  /** Whether this instance waits in its start. */
  private volatile boolean waiting;

  /** How far the event log was at the last heartbeat. */
  private long news = -1;

  private final OutageLog outage;

  /**
   * Makes it, without joining.
   *
   * @param refusal looks whether something that this release needs was taken away
   * @param wake called at each heartbeat while there are rows to be worked on, and when the event
   *     log has grown
   */
  public Membership(
      Registry registry,
      InstanceInfo self,
      FleetSettings settings,
      FleetListener listener,
      ReadSwitches switches,
      Protection protection,
      Supplier<Collection<String>> sessionNames,
      Supplier<@Nullable String> refusal,
      Runnable wake,
      Outages outages,
      Timings timings) {
    this(
        registry,
        self,
        settings,
        listener,
        switches,
        protection,
        sessionNames,
        refusal,
        wake,
        outages,
        timings,
        System::nanoTime);
  }

  /** Makes one whose heartbeats become due by the given clock. */
  Membership(
      Registry registry,
      InstanceInfo self,
      FleetSettings settings,
      FleetListener listener,
      ReadSwitches switches,
      Protection protection,
      Supplier<Collection<String>> sessionNames,
      Supplier<@Nullable String> refusal,
      Runnable wake,
      Outages outages,
      Timings timings,
      LongSupplier nanoTime) {
    this.registry = registry;
    this.self = self;
    this.settings = settings;
    this.notices = new Notices(listener);
    this.serving = new ServingState(notices);
    this.switches = switches;
    this.protection = protection;
    this.sessionNames = sessionNames;
    this.refusal = refusal;
    this.wake = wake;
    this.outage = outages.of(logger, "the lease of this instance cannot be renewed");
    this.timings = timings;
    this.pace = new HeartbeatPace(settings, timings.fleet().retry(), nanoTime);
  }

  /**
   * Registers, before anything is read that the others could take away.
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
      // Whoever joins looks at the journal behind it anyway.
      away = false;
      LocalLease sent = LocalLease.now();
      register();
      if (self.nameIsGiven()) {
        sent = new UniqueName(registry, self, settings.heartbeat()).insist(sent, this::register);
      }
      renewed(sent);
      executor = schedule();
      return true;
    } finally {
      registration.unlock();
    }
  }

  /**
   * Tells the others that this instance waits in its start, or no longer: none of its code runs
   * while it does. To be called before it looks whether what it needs is there.
   */
  public void waits(boolean value) {
    registration.lock();
    try {
      if (waiting != value) {
        waiting = value;
        registry.declares(value ? self.waiting() : self);
      }
    } finally {
      registration.unlock();
    }
  }

  private void register() {
    long found =
        registry.register(
            waiting ? self.waiting() : self,
            JvmUptime.get(),
            mapped,
            sessionNames.get(),
            protection.registering());
    // Connections are opened, and prepare statements, when this instance has registered.
    if (away) {
      noteChanges(found);
    } else {
      changes = found;
    }
  }

  private ScheduledThreadPoolExecutor schedule() {
    ScheduledThreadPoolExecutor threads =
        // One for each task: the others may hang in the database or wait for a connection.
        new ScheduledThreadPoolExecutor(3, DaemonThreads.named("migrator-heartbeat"));
    long period = pace.lookEvery().toMillis();
    threads.scheduleWithFixedDelay(
        () -> registry.soon(() -> renewIfDue(threads)), period, period, TimeUnit.MILLISECONDS);
    long often = timings.fleet().lookAgain().toMillis();
    threads.scheduleWithFixedDelay(serving::watch, often, often, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(
        () -> registry.soon(this::lookAtSides), often, often, TimeUnit.MILLISECONDS);
    return threads;
  }

  /** Gives the place back, when no code of this instance uses the database any longer. */
  public void leave() {
    ScheduledThreadPoolExecutor threads = executor;
    if (threads == null) {
      return;
    }
    executor = null;
    waiting = false;
    threads.shutdownNow();
    serving.leave();
    // A heartbeat that is under way only renews an instance that has not left. One that registers
    // anew is waited for, but not for ever: then the lease ends by itself.
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

  /** Registers which columns the code maps. */
  public void mapped(Collection<MappedColumn> columns) {
    // Every registration from now on has them, too.
    mapped = List.copyOf(columns);
    registry.mapped(self, columns, sessionNames.get());
  }

  /** Why this instance must not serve any more; {@code null} if it may. */
  public @Nullable String refused() {
    return serving.refusal();
  }

  /** Whether this instance was ever presumed dead, so that others may not have waited for it. */
  public boolean wasPresumedDead() {
    return wasPresumedDead;
  }

  /** Whether code of this instance may use the database now. */
  public boolean mayServe() {
    return serving.mayServe();
  }

  private void renewIfDue(ScheduledThreadPoolExecutor stay) {
    if (!serving.isRefused() && (away || pace.isDue())) {
      renew(stay);
    }
  }

  private void renew(ScheduledThreadPoolExecutor stay) {
    pace.begins();
    try {
      LocalLease sent = LocalLease.now();
      Heartbeat.Beat found = away ? null : registry.beat(self);
      boolean calm = false;
      if (found != null) {
        stillThere(stay, sent);
        protection.heed(found.announcement());
        noteChanges(found.announcement().changes());
        calm = look(found);
      } else {
        comeBack(stay);
      }
      pace.succeeded(calm);
      outage.ended();
    } catch (RuntimeException ex) {
      // Whatever it was: without the next heartbeat this instance would be lost.
      outage.failed(ex);
    }
  }

  private boolean look(Heartbeat.Beat found) {
    boolean calm = found.isCalm() && !registry.isToWatch();
    if (!calm) {
      registry.watchOthers();
    }
    // Whoever got a command may have been killed since.
    if (found.work() || found.news() != news) {
      news = found.news();
      wake.run();
    }
    return calm;
  }

  private void stillThere(ScheduledThreadPoolExecutor stay, LocalLease sent) {
    if (executor == stay) { // Else it has left by itself meanwhile.
      renewed(sent);
    }
  }

  private void renewed(LocalLease sent) {
    // A third is left for those who send requests to notice, should this be the last renewal.
    serving.renewed(sent.plus(settings.leaseTime().multipliedBy(2).dividedBy(3)));
  }

  /** At rest no side can turn: an undo that has begun ends the rest. */
  private void lookAtSides() {
    if (!serving.isRefused() && !pace.isQuiet()) {
      switches.lookIfDue(settings.heartbeat());
    }
  }

  /**
   * Others have presumed this instance dead, so what its code needs may be dropped. Until that was
   * looked at, a heartbeat is not enough, though it would find the new registration.
   */
  private void comeBack(ScheduledThreadPoolExecutor stay) {
    registration.lock();
    try {
      if (executor == stay) { // Else it has left by itself.
        comeBackOrNot();
      }
    } finally {
      registration.unlock();
    }
  }

  private void comeBackOrNot() {
    away = true;
    wasPresumedDead = true;
    serving.pause("it was presumed dead, as it had not renewed its lease");
    LocalLease sent = LocalLease.now();
    register();
    String reason = refusal.get();
    if (reason != null) {
      serving.refuse(reason);
      try {
        registry.leave(self);
      } finally {
        notices.send(it -> it.refused(reason));
      }
      return;
    }
    switches.startAnew();
    away = false;
    renewed(sent);
  }

  private void noteChanges(long found) {
    if (changes != found) {
      changes = found;
      notices.send(FleetListener::shapesChanged);
    }
  }
}
