package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.Timings;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.OutageLog;
import dev.migrator.internal.sql.Outages;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread: does what is due if no other instance does. Where a change is held by what
 * others do it looks now and then. Where everything is reached, or waits for a command, it sleeps
 * and asks the database nothing, until this instance gets a command or its heartbeat finds rows
 * that it can help with, or a new line in the event log: the command that another one got. While
 * triggers keep both sides of a change in step it looks from time to time whether they still see
 * every write.
 */
final class BackgroundWorker {

  private static final Logger logger = LoggerFactory.getLogger(BackgroundWorker.class);

  /** What nothing but a command releases, or another release. */
  private static final Set<Reason> BY_COMMAND =
      EnumSet.of(
          Reason.PAUSED,
          Reason.UNDONE,
          Reason.STEP_FAILED,
          Reason.CONTRACT_OFF,
          Reason.CONTRACT_NOT_APPROVED);

  private final Database database;

  private final Lazy<WorkParts> work;

  private final Report report;

  private final Declarations declarations;

  private final Snapshots snapshots;

  private final StopSignal signal;

  private final Timings.Background timings;

  private final Duration cancelAgain;

  private final OutageLog outage;

  private volatile @Nullable Thread thread;

  BackgroundWorker(
      Database database,
      Lazy<WorkParts> work,
      Report report,
      Declarations declarations,
      Snapshots snapshots,
      StopSignal signal,
      Outages outages,
      Timings timings) {
    this.database = database;
    this.work = work;
    this.report = report;
    this.declarations = declarations;
    this.snapshots = snapshots;
    this.signal = signal;
    this.outage =
        outages.of(logger, ErrorCode.WORK_INTERRUPTED + ": the background work is interrupted");
    this.timings = timings.background();
    this.cancelAgain = timings.steps().cancelAgain();
  }

  /**
   * Starts the thread.
   *
   * @param known what the journal said a moment ago, so that it need not be asked again
   */
  synchronized void start(@Nullable Snapshot known) {
    if (isRunning()) {
      return;
    }
    signal.reset();
    Thread begun = new Thread(() -> run(known), "migrator-worker");
    begun.setDaemon(true);
    begun.start();
    thread = begun;
  }

  /** Nobody else waits meanwhile: the thread that ends may be asked whether it runs. */
  void stop() {
    Thread running = toldToEnd();
    if (running == null) {
      return;
    }
    try {
      while (stillRuns(running)) {
        // Again and again, as the thread may be just about to begin a long statement.
        database.cancelLongStatement();
        running.join(cancelAgain.toMillis());
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  /** A start is either over, so that its thread is known, or begins behind this. */
  private synchronized @Nullable Thread toldToEnd() {
    signal.stop();
    return thread;
  }

  /**
   * If it does, it is told again, as a start meanwhile takes that back. A start that finds it ended
   * begins another thread, which is not meant.
   */
  private synchronized boolean stillRuns(Thread running) {
    boolean alive = running.isAlive();
    if (alive) {
      signal.stop();
    }
    return alive;
  }

  boolean isRunning() {
    Thread running = thread;
    return running != null && running.isAlive();
  }

  private void run(@Nullable Snapshot known) {
    try {
      // A start with nothing to do asks for no more: the triggers are looked at a moment later.
      if (known != null && !goesOn(known)) {
        report.on(known);
        signal.await(untilDue(known));
      }
      while (!signal.isRequested()) {
        snapshots.note();
        signal.await(round());
      }
    } finally {
      work.get().workers().dismiss();
      work.get().leadership().resign();
    }
  }

  /** Works, and says how long to sleep then. */
  private Duration round() {
    try {
      Snapshot snapshot = snapshots.all();
      report.on(snapshot);
      if (!isDue(snapshot)) {
        outage.ended();
        work.get().leadership().resign();
        work.get().workers().help();
        return untilDue(snapshot);
      }
      if (!work.get().leadership().tryLead(Purpose.BACKGROUND)) {
        work.get().workers().help();
        return timings.follow();
      }
      boolean clean = work.get().executor().all(snapshots.again(snapshot));
      outage.ended();
      return work.get().leadership().yieldIfAsked()
          ? timings.follow()
          : clean ? Duration.ZERO : timings.afterError();
    } catch (LeaseLostException ex) {
      logger.info("another instance has taken the work over");
      return timings.follow();
    } catch (RuntimeException ex) {
      outage.failed(ex);
      work.get().leadership().resign();
      return timings.afterError();
    }
  }

  private boolean isDue(Snapshot snapshot) {
    return goesOn(snapshot) || work.get().executor().triggersAreDue(snapshot);
  }

  private boolean goesOn(Snapshot snapshot) {
    return declarations.order(snapshot).stream()
        .map(it -> snapshots.decide(it, snapshot))
        .anyMatch(it -> !MigrationExecutor.isAtRest(it));
  }

  private Duration untilDue(Snapshot snapshot) {
    Duration sleep =
        work.get().executor().caresForTriggers(snapshot) ? timings.triggers() : timings.sleep();
    for (String id : declarations.order(snapshot)) {
      if (snapshots.decide(id, snapshot) instanceof Decision.Wait wait) {
        Duration left = untilReleased(wait, snapshot);
        sleep = (left.compareTo(sleep) < 0) ? left : sleep;
      }
    }
    return sleep.isNegative() ? Duration.ZERO : sleep;
  }

  private Duration untilReleased(Decision.Wait wait, Snapshot snapshot) {
    Instant until = wait.until();
    if (until != null) {
      return Duration.between(snapshot.now(), until).plusMillis(1);
    }
    boolean byCommand = wait.holds().stream().map(Hold::reason).anyMatch(BY_COMMAND::contains);
    return byCommand ? timings.sleep() : timings.listen();
  }
}
