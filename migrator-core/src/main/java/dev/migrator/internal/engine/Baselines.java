package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.Listing;
import dev.migrator.internal.Timings;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.BaselineState;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.SqlFile;
import dev.migrator.settings.MigratorSettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that stand for those before them, on databases that have run those: noted at the start, and
 * not run. Where nothing of them has run, the file does, see {@link Precedence}.
 */
final class Baselines {

  private static final Logger logger = LoggerFactory.getLogger(Baselines.class);

  private static final int NAMED = 5;

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Declarations declarations;

  private final Leadership leadership;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final Timings.Start timings;

  Baselines(
      Database database,
      WorkParts work,
      Journal journal,
      Declarations declarations,
      MigratorSettings settings,
      StopSignal signal,
      Timings timings) {
    this.database = database;
    this.lease = work.lease();
    this.journal = journal;
    this.declarations = declarations;
    this.leadership = work.leadership();
    this.settings = settings;
    this.signal = signal;
    this.timings = timings.start();
  }

  /**
   * Notes those whose content has run.
   *
   * @param snapshot what the journal knows
   * @return whether it knows more now
   * @throws NotReadyException if only a part of it has run
   */
  boolean takeOver(Snapshot snapshot) {
    List<Declaration> due = due(snapshot);
    if (due.isEmpty()) {
      return false;
    }
    long giveUp = System.nanoTime() + settings.startupLimit().toNanos();
    while (!signal.isRequested()) {
      try {
        // Who leads may be about to note, or to run, one of them.
        if (leadership.tryLead(Purpose.BRIEF_START)) {
          try {
            note();
            return true;
          } finally {
            leadership.resign();
          }
        }
        leadership.ask(Purpose.BRIEF_START);
      } catch (LeaseLostException ex) {
        logger.info("another instance has taken the work over");
      }
      if (due(database.read(() -> journal.snapshot(declarations.ids()))).isEmpty()) {
        return true;
      }
      if (System.nanoTime() - giveUp > 0) {
        throw new NotReadyException(
            ErrorCode.START_TOO_LONG,
            "%s could not be noted within %s, as another instance works; start again later"
                .formatted(due.get(0).where(), settings.startupLimit()));
      }
      signal.pause(timings.lookAgain());
    }
    return false;
  }

  private void note() {
    database.inTransaction(
        () -> {
          lease.check();
          for (Declaration baseline : due(journal.all())) {
            RanBefore.note(
                journal,
                baseline.id(),
                file(baseline),
                baseline.operations(),
                "BASELINE: all that it contains has run");
            logger.info(
                "{} is noted and not run: all {} migrations that it contains have run",
                baseline.id(),
                baseline.contains().size());
          }
        });
  }

  /** The baselines to be noted. */
  private List<Declaration> due(Snapshot snapshot) {
    return declarations.all().stream()
        .filter(Declaration::isBaseline)
        // One that has begun has not run: it is one transaction.
        .filter(it -> declarations.recorded(it.id(), snapshot).phase() == null)
        // Another one that contains it comes in its place.
        .filter(it -> declarations.baselineOf(it.id()) == null)
        .filter(it -> hasRun(it, snapshot))
        .toList();
  }

  private static boolean hasRun(Declaration baseline, Snapshot snapshot) {
    BaselineState state = BaselineState.of(baseline.contains(), snapshot.records());
    if (state.isPart()) {
      throw new NotReadyException(
          ErrorCode.BASELINE_IN_PART,
          "%s contains %d migrations, of which this database has run %d only; not %s. First run the release before, which has them all, to the end of them, and then this one."
              .formatted(
                  baseline.where(),
                  baseline.contains().size(),
                  state.ran().size(),
                  Listing.first(NAMED, state.left())));
    }
    return state.isAll();
  }

  private static SqlFile file(Declaration declaration) {
    return (SqlFile) declaration.migration().operations().get(0);
  }
}
