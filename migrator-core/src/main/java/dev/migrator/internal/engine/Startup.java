package dev.migrator.internal.engine;

import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.Timings;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.sql.OutageLog;
import dev.migrator.internal.sql.Outages;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Looks whether all is there before this release serves, and has it made if not. */
final class Startup {

  private static final Logger logger = LoggerFactory.getLogger(Startup.class);

  private final StartCheck check;

  private final StartNeeds needs;

  private final Lazy<StartWork> work;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final OutageLog outage;

  private final Timings.Start timings;

  Startup(
      StartCheck check,
      StartNeeds needs,
      Lazy<StartWork> work,
      MigratorSettings settings,
      StopSignal signal,
      Outages outages,
      Timings timings) {
    this.check = check;
    this.needs = needs;
    this.work = work;
    this.settings = settings;
    this.signal = signal;
    this.outage = outages.of(logger, "the start is interrupted");
    this.timings = timings.start();
  }

  /**
   * Does what is needed, again after each connection that was lost, as the background work does.
   *
   * @param first done before anything else, and harmless if it is done again
   * @return what the journal said, if there was nothing to do
   */
  @Nullable Snapshot runThroughOutages(Runnable first) {
    long limit = Math.min(settings.startupLimit().toNanos(), timings.outage().toNanos());
    long giveUp = System.nanoTime() + limit;
    while (true) {
      try {
        first.run();
        Snapshot snapshot = run();
        outage.ended();
        return snapshot;
      } catch (DataAccessException | TransactionException | StepFailedException ex) {
        if (!SqlState.isConnectionLost(ex)
            || System.nanoTime() - giveUp > 0
            || signal.isRequested()) {
          throw ex;
        }
        outage.failed(ex);
        signal.pause(timings.lookAgain());
      }
    }
  }

  private @Nullable Snapshot run() {
    Snapshot snapshot = check.begin();
    if (needs.of(snapshot).isEmpty()) {
      return snapshot;
    }
    work.get().run(snapshot);
    return null;
  }
}
