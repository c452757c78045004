package dev.migrator.internal.engine;

import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread: does what is due if no other instance does. Where a change is held it
 * looks now and then whether the word it waits for was said; where everything is reached it sleeps
 * until somebody says a word to this instance, or its heartbeat finds rows that it can help with,
 * and asks the database nothing.
 */
final class BackgroundWorker {

  private static final Logger logger = LoggerFactory.getLogger(BackgroundWorker.class);

  private static final Duration FOLLOW = Duration.ofSeconds(1);

  /** The word that a change waits for may be said to another instance. */
  private static final Duration LISTEN = Duration.ofSeconds(2);

  /** The instance that a wish to take something back was said to may have been killed since. */
  private static final Duration LISTEN_SELDOM = Duration.ofSeconds(30);

  private static final Duration AFTER_ERROR = Duration.ofSeconds(5);

  static final Duration CANCEL_AGAIN = Duration.ofMillis(100);

  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);

  private final Database database;

  private final MigrationExecutor rounds;

  private final Declarations declarations;

  private final Leadership leadership;

  private final BackfillWorkers crew;

  private final StopSignal signal;

  private @Nullable Thread thread;

  BackgroundWorker(
      Database database,
      MigrationExecutor rounds,
      Declarations declarations,
      Leadership leadership,
      BackfillWorkers crew,
      StopSignal signal) {
    this.database = database;
    this.rounds = rounds;
    this.declarations = declarations;
    this.leadership = leadership;
    this.crew = crew;
    this.signal = signal;
  }

  /**
   * Starts the thread.
   *
   * @param known what the journal said a moment ago, so that it need not be asked again
   */
  synchronized void start(@Nullable Snapshot known) {
    if (thread != null && thread.isAlive()) {
      return;
    }
    signal.reset();
    thread = new Thread(() -> run(known), "migrator-worker");
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void stop() {
    signal.stop();
    Thread running = thread;
    if (running == null) {
      return;
    }
    try {
      while (running.isAlive()) {
        // Again and again, as the thread may be just about to begin a long statement.
        database.cancelLongStatement();
        running.join(CANCEL_AGAIN.toMillis());
      }
      thread = null;
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized boolean isRunning() {
    return thread != null && thread.isAlive();
  }

  private void run(@Nullable Snapshot known) {
    try {
      if (known != null && !isDue(known)) {
        signal.await(untilDue(known));
      }
      while (!signal.isRequested()) {
        signal.await(round());
      }
    } finally {
      crew.dismiss();
      leadership.resign();
    }
  }

  /** Works, and says how long to sleep then. */
  private Duration round() {
    try {
      Snapshot snapshot = rounds.snapshot();
      if (!isDue(snapshot)) {
        leadership.resign();
        crew.help();
        return untilDue(snapshot);
      }
      if (!leadership.tryLead(Purpose.BACKGROUND)) {
        crew.help();
        return FOLLOW;
      }
      boolean clean = rounds.all();
      return leadership.giveWayIfAsked() ? FOLLOW : clean ? Duration.ZERO : AFTER_ERROR;
    } catch (LeaseLostException ex) {
      logger.info("another instance has taken the work over");
      return FOLLOW;
    } catch (RuntimeException ex) {
      logger.error("the background work was interrupted; it goes on in {}", AFTER_ERROR, ex);
      leadership.resign();
      return AFTER_ERROR;
    }
  }

  private boolean isDue(Snapshot snapshot) {
    return declarations.order(snapshot).stream()
        .map(it -> rounds.decide(it, snapshot))
        .anyMatch(it -> !(it instanceof Decision.Wait) && !(it instanceof Decision.Reached));
  }

  private Duration untilDue(Snapshot snapshot) {
    boolean unfinished =
        snapshot.records().values().stream().anyMatch(it -> it.phase() != null && !it.completed());
    Duration sleep = unfinished ? LISTEN_SELDOM : LONGEST_SLEEP;
    for (String id : declarations.order(snapshot)) {
      if (rounds.decide(id, snapshot) instanceof Decision.Wait wait) {
        Instant until = wait.until();
        Duration left =
            (until == null) ? LISTEN : Duration.between(snapshot.now(), until).plusMillis(1);
        sleep = (left.compareTo(sleep) < 0) ? left : sleep;
      }
    }
    return sleep.isNegative() ? Duration.ZERO : sleep;
  }
}
