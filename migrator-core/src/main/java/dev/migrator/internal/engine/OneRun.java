package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold.Reason;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Takes everything as far as the gates allow, and no further, for an instance that does nothing
 * else. While another instance leads, it helps and waits.
 */
final class OneRun {

  private static final Logger logger = LoggerFactory.getLogger(OneRun.class);

  /** So often in a row something may go wrong that no step is to blame for. */
  private static final int MOST_ERRORS = 5;

  private final Declarations declarations;

  private final StartCheck check;

  private final MigrationExecutor executor;

  private final Leadership leadership;

  private final BackfillWorkers workers;

  private final StopSignal signal;

  private final Timings timings;

  /** Within this time every other instance has turned its reads that will do so by itself. */
  private final Duration turning;

  OneRun(
      Declarations declarations,
      StartCheck check,
      WorkParts work,
      MigratorSettings settings,
      StopSignal signal,
      Timings timings) {
    this.declarations = declarations;
    this.check = check;
    this.executor = work.executor();
    this.leadership = work.leadership();
    this.workers = work.workers();
    this.signal = signal;
    this.timings = timings;
    this.turning =
        settings.fleet().switchGrace().plus(settings.fleet().heartbeat().multipliedBy(3));
  }

  /**
   * Returns when nothing is due any longer, or when told to end.
   *
   * @param turn turns the reads of this instance, at once as there are none
   */
  void run(Runnable turn) {
    executor.checkBeforeFirstPhase(check.begin());
    int errors = 0;
    long turned = System.nanoTime() + turning.toNanos();
    try {
      executor.isJob(true);
      while (!signal.isRequested() && errors < MOST_ERRORS) {
        turn.run();
        Snapshot snapshot = executor.snapshot();
        if (is(snapshot, OneRun::isDue)) {
          errors = round() ? 0 : errors + 1;
          turned = System.nanoTime() + turning.toNanos();
        } else if (is(snapshot, OneRun::isTurning) && System.nanoTime() - turned < 0) {
          signal.pause(timings.start().lookAgain());
        } else {
          return;
        }
      }
    } finally {
      executor.isJob(false);
      workers.dismiss();
      leadership.resign();
    }
  }

  /** Returns whether nothing went wrong. */
  private boolean round() {
    try {
      if (!leadership.tryLead(Purpose.BACKGROUND)) {
        workers.help();
        signal.pause(timings.start().lookAgain());
        return true;
      }
      boolean clean = executor.all(executor.snapshot());
      leadership.yieldIfAsked();
      if (!clean) {
        signal.pause(timings.background().afterError());
      }
      return clean;
    } catch (LeaseLostException ex) {
      logger.info("another instance has taken the work over");
      leadership.resign();
      return true;
    } catch (DataAccessException | TransactionException ex) {
      logger.error("{}: {}; it is tried again", ErrorCode.WORK_INTERRUPTED, SqlState.describe(ex));
      leadership.resign();
      signal.pause(timings.background().afterError());
      return false;
    }
  }

  private boolean is(Snapshot snapshot, Predicate<Decision> test) {
    return declarations.order(snapshot).stream()
        .map(it -> executor.decide(it, snapshot))
        .anyMatch(test);
  }

  private static boolean isDue(Decision decision) {
    return !(decision instanceof Decision.Wait) && !(decision instanceof Decision.Reached);
  }

  /** Held by nothing but reads of other instances, which turn by themselves. */
  private static boolean isTurning(Decision decision) {
    List<Reason> reasons =
        (decision instanceof Decision.Wait wait)
            ? wait.holds().stream().map(it -> it.reason()).distinct().toList()
            : List.of();
    return reasons.equals(List.of(Reason.READS_OLD_SIDE));
  }
}
