package dev.migrator.internal.engine.step;

import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.Blockers;
import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Blocker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Transactions that need a lock the application would notice. Each attempt stays within the lock
 * budget and lets go of everything if it fails.
 */
public final class LockedTransactions {

  private static final Logger logger = LoggerFactory.getLogger(LockedTransactions.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final MigratorSettings settings;

  private final Deadline deadline;

  private final Timings timings;

  private final LeaderPause pause;

  private final ShapeChanges shapes;

  private final Blockers blockers;

  private final Map<String, LockAttempts> tries = new ConcurrentHashMap<>();

  /** Which step waited for whom when that was last a warning. */
  private volatile String warnedOf = "";

  LockedTransactions(
      Database database,
      Lease lease,
      Journal journal,
      MigratorSettings settings,
      LeaderPause pause,
      ShapeChanges shapes,
      Deadline deadline,
      Timings timings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.settings = settings;
    this.pause = pause;
    this.shapes = shapes;
    this.deadline = deadline;
    this.timings = timings;
    this.blockers = new Blockers(database);
  }

  /**
   * Tries statements until they get their lock: within the budget each time, with growing pauses,
   * and not for ever. Gate, statements and record are one transaction.
   *
   * @param waited gets the nanoseconds of each wait for the locks
   */
  boolean attempt(
      String id, TransactionStep step, Runnable gate, Runnable finish, LongConsumer waited) {
    Runnable work =
        () -> {
          step.statements().forEach(database::execute);
          finish.run();
        };
    List<TableLock> locks = step.statements().isEmpty() ? List.of() : step.locks();
    return attempt(id, step, locks, gate, work, waited);
  }

  /** The same for a step that needs other locks by now, and does its statements in another way. */
  boolean attempt(
      String id,
      TransactionStep step,
      List<TableLock> locks,
      Runnable gate,
      Runnable work,
      LongConsumer waited) {
    return attempt(
        new Transaction(
            id,
            step.name(),
            locks,
            step.waitsForLocks(),
            step.info().reshapes(),
            false,
            gate,
            work,
            waited));
  }

  /**
   * The same for work that looks at the catalog while it has its locks.
   *
   * @param work done with the locks, and rolled back when it throws something
   */
  boolean attempt(String id, String step, List<TableLock> locks, Runnable work) {
    return attempt(
        new Transaction(id, step, locks, !locks.isEmpty(), false, false, () -> {}, work, it -> {}));
  }

  /** The same for work of which nobody knows beforehand what it locks, and what it changes. */
  boolean attempt(String id, String step, boolean longWork, Runnable gate, Runnable work) {
    return attempt(
        new Transaction(id, step, List.of(), true, true, longWork, gate, work, it -> {}));
  }

  private boolean attempt(Transaction transaction) {
    String key = transaction.id + " " + transaction.step;
    LockAttempts tried =
        tries.compute(key, (same, known) -> known == null || known.isOld() ? newTries() : known);
    tried.begin();
    boolean goesOn = false;
    try {
      goesOn = !attempt(transaction, tried);
      return !goesOn;
    } finally {
      tried.end();
      if (!goesOn) {
        tries.remove(key);
      }
    }
  }

  private LockAttempts newTries() {
    return new LockAttempts(settings.lock().retryLimit(), timings, System::nanoTime);
  }

  private boolean attempt(Transaction transaction, LockAttempts tried) {
    FreedLocks freed =
        transaction.locks.isEmpty()
            ? null
            : pause.looksAt(() -> LockHolders.of(database, transaction.locks));
    while (isDue(tried, freed)) {
      if (transaction.reshapes && !shapes.isProtected(transaction.step, transaction.longWork)) {
        return false;
      }
      AtomicBoolean locked = new AtomicBoolean();
      try {
        database.inTransaction(
            () -> {
              database.limits(settings.lock().budget(), timings.limits().statement());
              lease.check();
              // Before the table is locked, so that the application does not wait for this as well.
              transaction.gate.run();
              if (!transaction.locks.isEmpty()) {
                long asked = System.nanoTime();
                try {
                  take(transaction.locks);
                } finally {
                  transaction.waited.accept(System.nanoTime() - asked);
                }
              }
              locked.set(true);
              transaction.work.run();
            });
        return true;
      } catch (DataAccessException | TransactionException ex) {
        // What takes long while it has its lock would block the application again each time.
        boolean tooSlow = locked.get() && SqlState.isTimeout(ex);
        boolean hopeless = tooSlow || tried.isOver();
        if (SqlState.isContention(ex) && deadline.isOver()) {
          logger.warn(
              "{}: {} still waits for its lock; it is tried again later",
              transaction.id,
              transaction.step);
          return false;
        }
        if (!transaction.retried || hopeless || !SqlState.isContention(ex)) {
          throw ex;
        }
        reportBlockers(transaction.id, transaction.step, transaction.locks, tried.pause());
      }
    }
    return false;
  }

  private boolean isDue(LockAttempts tried, @Nullable FreedLocks freed) {
    if (freed != null) {
      freed.begin(tried.early());
    }
    return pause.until(tried.next(), freed);
  }

  /**
   * The application waits from the moment in which the first lock is asked for, also while the
   * second is waited for: the budget is one for all of them. Locking a partitioned table locks its
   * partitions one by one, and the limit for locks is one for each wait; so the statement as a
   * whole gets the same limit.
   */
  private void take(List<TableLock> locks) {
    // Long enough that the server cancels an autovacuum.
    database.limits(timings.limits().vacuum(), Database.UNLIMITED);
    locks.forEach(it -> database.execute(it.yieldOfVacuum()));
    long end = System.nanoTime() + settings.lock().budget().toNanos();
    for (TableLock lock : locks) {
      database.limits(until(end), until(end));
      database.execute(lock.sql());
    }
    // For what the statements lock beyond: dropping a foreign key needs the other table as well.
    database.limits(until(end), timings.limits().statement());
  }

  private static Duration until(long end) {
    long left = Math.max(TimeUnit.MILLISECONDS.toNanos(1), end - System.nanoTime());
    return Duration.ofNanos(left);
  }

  private void reportBlockers(String id, String step, List<TableLock> locks, Duration pause) {
    List<Blocker> found =
        database.inTransaction(
            () -> {
              lease.check();
              List<Blocker> inTheWay =
                  locks.stream().flatMap(it -> blockers.of(it).stream()).distinct().toList();
              journal.steps().attempted(id, step);
              journal.steps().blocked(id, step, inTheWay);
              lease.waits();
              return inTheWay;
            });
    String waiting = id + " " + step + " " + found.stream().map(Blocker::pid).sorted().toList();
    // The same again is no news, and an attempt follows the other for minutes.
    boolean again = waiting.equals(warnedOf);
    warnedOf = waiting;
    logger
        .atLevel(again ? Level.DEBUG : Level.WARN)
        .log(
            "{}: {} did not get its lock on {} within {} ms; in the way: {}; next try in {} ms at the latest",
            id,
            step,
            locks.isEmpty()
                ? "what its statements need"
                : locks.stream().map(TableLock::table).collect(Collectors.joining(" and ")),
            settings.lock().budget().toMillis(),
            found.isEmpty() ? "nobody any longer" : BlockerReporter.describe(found),
            pause.toMillis());
  }

  /**
   * What is to be done in one transaction.
   *
   * @param locks what is locked before it
   * @param retried whether it is tried again when another session was in its way
   * @param reshapes whether prepared statements can fail after it
   * @param longWork whether it may take hours
   */
  private record Transaction(
      String id,
      String step,
      List<TableLock> locks,
      boolean retried,
      boolean reshapes,
      boolean longWork,
      Runnable gate,
      Runnable work,
      LongConsumer waited) {}
}
