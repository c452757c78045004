package dev.migrator.internal.engine;

import dev.migrator.MappedColumn;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.ReadSwitch;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.fleet.Membership;
import dev.migrator.internal.fleet.ReadSwitches;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.Layout;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.settings.SafetySettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Starts, stops and answers for the parts. */
public final class DefaultMigrator implements Migrator {

  private static final Logger logger = LoggerFactory.getLogger(DefaultMigrator.class);

  private final Database database;

  private final Layout layout;

  private final SafetySettings safety;

  private final Declarations declarations;

  private final StopSignal signal = new StopSignal();

  private final Duration cancelAgain;

  private final ReadSwitches switches;

  private final Membership membership;

  private final ReleaseCheck check;

  private final Snapshots snapshots;

  private final Startup startup;

  /** Whether only one plan may run. */
  private final boolean approved;

  /** Has nothing to do, and the database is none that it could be registered in. */
  private volatile boolean off;

  private final LateStart late;

  /** Has begun without its database, and learnt later that its release must not serve. */
  private volatile boolean refusedLate;

  private volatile @Nullable Collection<MappedColumn> mappedEarly;

  private volatile boolean starting;

  /** Who is at {@link #prepare()}. */
  private volatile @Nullable Thread preparing;

  private final Lazy<BackgroundWorker> worker;

  private final Lazy<StatusReader> statuses;

  private final Lazy<OperatorCommands> commands;

  private final Lazy<ApprovedRun> approvedRun;

  private @Nullable String serverVersion;

  private @Nullable Snapshot known;

  public DefaultMigrator(Setup setup) {
    this.layout = setup.layout();
    this.declarations = setup.declarations();
    this.cancelAgain = setup.timings().steps().cancelAgain();
    this.late =
        new LateStart(
            setup.timings().background().afterError(),
            this::start,
            reason -> {
              refusedLate = true;
              setup.listener().refused(reason);
            });
    this.safety = setup.settings().safety();
    this.approved = setup.approvedPlan() != null;
    Parts parts = new Assembly(setup, signal, () -> starting).parts();
    this.database = parts.database();
    this.check = parts.check();
    this.snapshots = parts.snapshots();
    this.startup = parts.startup();
    this.worker = parts.worker();
    this.statuses = parts.statuses();
    this.commands = parts.commands();
    this.approvedRun = parts.approvedRun();
    this.switches = parts.switches();
    this.membership = parts.membership();
  }

  @Override
  public void prepare() {
    if (!isConcerned()) {
      return;
    }
    try {
      ensureInstalled();
    } catch (UnsupportedDatabaseException ex) {
      String version = new ReadOnlyStart(database, declarations, check, snapshots).run(ex);
      synchronized (this) {
        serverVersion = version;
      }
      off = true;
      return;
    }
    signal.reset();
    if (approved) {
      approvedRun.get().requireApproval();
    }
    starting = true;
    boolean joined = membership.join();
    preparing = Thread.currentThread();
    try {
      if (joined) {
        switches.startAnew();
      }
      known =
          startup.runThroughOutages(
              () -> {
                if (!safety.acceptRecords().isEmpty() || !safety.commands().isEmpty()) {
                  commands.get().accept(safety.acceptRecords());
                  commands.get().give(safety.commands());
                }
              });
      starting = false;
      if (membership.wasPresumedDead()) {
        // What the start has seen may be older than that. Who comes back from here on is looked at
        // as one that serves.
        check.checkAgain(snapshots.withFleet());
      }
      String refused = membership.refused();
      if (refused != null) {
        throw new NotReadyException(
            ErrorCode.PRESUMED_DEAD,
            "this instance was presumed dead while it started, and must not serve: " + refused);
      }
    } catch (RuntimeException ex) {
      membership.leave();
      throw ex;
    } finally {
      starting = false;
      preparing = null;
    }
  }

  private void refuseIfGone() {
    try {
      check.check(snapshots.withFleet());
      switches.startAnew();
    } catch (RuntimeException ex) {
      membership.leave();
      throw ex;
    }
  }

  /** A release without any migration still counts as one that needs what the next one drops. */
  private boolean isConcerned() {
    if (off) {
      return false;
    }
    if (!declarations.isEmpty()) {
      return true;
    }
    try {
      ensureInstalled();
      return true;
    } catch (UnsupportedDatabaseException ex) {
      off = true;
      logger.warn(
          "migrator is off: no migration is declared, and this instance cannot be registered for those of later releases: {}",
          ex.getMessage());
      return false;
    } catch (CannotGetJdbcConnectionException ex) {
      // Without the library the application would start, too.
      if (late.expect()) {
        logger.warn(
            "No migration is declared, and the database cannot be reached ({}); this instance registers for the migrations of later releases when it can",
            SqlState.describe(ex));
      }
      return false;
    }
  }

  @Override
  public void start() {
    if (!isConcerned()) {
      return;
    }
    ensureInstalled();
    if (membership.join()) {
      // Without prepare() nothing was waited for, but what is gone is gone.
      refuseIfGone();
    }
    Collection<MappedColumn> early = mappedEarly;
    if (early != null) {
      mappedEarly = null;
      membership.mapped(early);
    }
    worker.get().start(known);
    known = null;
  }

  @Override
  public void mapped(Collection<MappedColumn> columns) {
    declarations.checkMapped(List.copyOf(columns));
    if (isConcerned()) {
      declarations.checkCompleted(List.copyOf(columns), snapshots::all);
      membership.mapped(columns);
    } else {
      mappedEarly = List.copyOf(columns);
    }
  }

  @Override
  public ReadSwitch readSwitch() {
    return switches;
  }

  @Override
  public boolean mayServe() {
    return !refusedLate && membership.mayServe();
  }

  @Override
  public void stop() {
    late.end();
    worker.get().stop();
    Thread started = preparing;
    while (started != null && started != Thread.currentThread() && started == preparing) {
      // Again and again, as it may be just about to begin, or to begin a long statement.
      signal.stop();
      database.cancelLongStatement();
      LockSupport.parkNanos(cancelAgain.toNanos());
    }
  }

  @Override
  public void close() {
    stop();
    snapshots.note();
    membership.leave();
  }

  @Override
  public boolean isRunning() {
    return worker.get().isRunning();
  }

  @Override
  public MigratorStatus status() {
    return findInstalled()
        .map(version -> statuses.get().all(version))
        .orElseGet(() -> statuses.get().beforeTheFirstStart());
  }

  @Override
  public Optional<MigrationStatus> status(String id) {
    return findInstalled().isPresent()
        ? statuses.get().one(id)
        : statuses.get().beforeTheFirstStart().migrations().stream()
            .filter(it -> it.id().equals(id))
            .findFirst();
  }

  @Override
  public MigrationPlan plan() {
    return approvedRun.get().read();
  }

  @Override
  public Optional<PlannedMigration> plan(String id) {
    return approvedRun.get().read(id);
  }

  @Override
  public MigrationPlan migrate() {
    ensureInstalled();
    signal.reset();
    preparing = Thread.currentThread();
    try {
      return approvedRun.get().migrate(membership, switches);
    } finally {
      preparing = null;
    }
  }

  @Override
  public Optional<MigrationStatus> execute(String id, OperatorCommand command) {
    ensureInstalled();
    if (!commands.get().execute(id, command)) {
      return Optional.empty();
    }
    signal.wake();
    return statuses.get().one(id);
  }

  /** A question changes nothing, so it does not make the journal either. */
  private synchronized Optional<String> findInstalled() {
    if (serverVersion == null && !off) {
      serverVersion = Installation.find(database).orElse(null);
    }
    return Optional.ofNullable(serverVersion);
  }

  private synchronized String ensureInstalled() {
    if (serverVersion == null) {
      serverVersion = Installation.ensure(database, layout, safety);
    }
    return serverVersion;
  }
}
