package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.Listing;
import dev.migrator.internal.Timings;
import dev.migrator.internal.adopt.KnownFile;
import dev.migrator.internal.adopt.Takeover;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Takes over at the start what another tool has run. Where all files are known to have run nothing
 * is asked.
 */
final class Adoption {

  private static final Logger logger = LoggerFactory.getLogger(Adoption.class);

  private static final int NAMED = 10;

  private static final Duration STATEMENT = Duration.ofSeconds(30);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Declarations declarations;

  private final ForeignRecords records;

  private final Leadership leadership;

  private final Map<String, Integer> checksums;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final Timings.Start timings;

  /** Makes it. */
  Adoption(
      Database database,
      WorkParts work,
      Journal journal,
      Declarations declarations,
      Map<String, Integer> checksums,
      MigratorSettings settings,
      StopSignal signal,
      Timings timings) {
    this.database = database;
    this.lease = work.lease();
    this.journal = journal;
    this.declarations = declarations;
    this.records = work.foreign();
    this.leadership = work.leadership();
    this.checksums = Map.copyOf(checksums);
    this.settings = settings;
    this.signal = signal;
    this.timings = timings.start();
  }

  /**
   * Notes what has run.
   *
   * @param snapshot what the journal knows
   * @return whether it knows more now
   */
  boolean takeOver(Snapshot snapshot) {
    if (open(snapshot).isEmpty()) {
      return false;
    }
    long giveUp = System.nanoTime() + settings.startupLimit().toNanos();
    boolean waited = false;
    while (!signal.isRequested()) {
      try {
        if (!database.inTransaction(() -> look(journal.all())).isDue()) {
          return waited;
        }
        // Who leads may be about to run one of them.
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
      } catch (DataAccessException ex) {
        if (!SqlState.isContention(ex)) {
          throw ex;
        }
        logger.info(
            "{} changes its history at present; it is looked at again", records.history().tool());
      }
      if (System.nanoTime() - giveUp > 0) {
        throw new NotReadyException(
            ErrorCode.START_TOO_LONG,
            "the history of %s could not be taken over within %s, as another instance works or the table is locked; start again later"
                .formatted(records.history().tool(), settings.startupLimit()));
      }
      waited = true;
      signal.pause(timings.lookAgain());
    }
    return waited;
  }

  private void note() {
    Takeover noted =
        database.inTransaction(
            () -> {
              lease.check();
              Takeover found = look(journal.all());
              if (found.unmade()) {
                records.history().make();
              }
              found
                  .ran()
                  .forEach(
                      (id, how) -> {
                        Declaration declaration = declarations.get(id);
                        records
                            .file(declaration)
                            .ifPresent(it -> records.takeOver(declaration, it, how));
                      });
              return found;
            });
    if (!noted.ran().isEmpty()) {
      logger.info(
          "{} files are known to have run from the history of {}, and are not run again",
          noted.ran().size(),
          records.history().tool());
    }
    if (!noted.without().isEmpty()) {
      logger.warn(
          "{} has run what this release has no file for, and what a new database does not get: {}",
          records.history().tool(),
          Listing.first(NAMED, List.copyOf(noted.without())));
    }
  }

  private Takeover look(Snapshot snapshot) {
    database.limits(settings.lock().budget(), STATEMENT);
    return records
        .history()
        .read(open(snapshot), declarations.all().stream().map(Declaration::id).toList());
  }

  /** What was undone here is not taken for run because the other tool still says so. */
  private List<KnownFile> open(Snapshot snapshot) {
    List<KnownFile> open = new ArrayList<>();
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = declarations.recorded(declaration.id(), snapshot);
      if (recorded.phase() == null && !recorded.undone() && !recorded.undoing()) {
        records
            .file(declaration)
            .ifPresent(
                it ->
                    open.add(
                        new KnownFile(
                            declaration.id(), it, checksums.getOrDefault(declaration.id(), 0))));
      }
    }
    return open;
  }
}
