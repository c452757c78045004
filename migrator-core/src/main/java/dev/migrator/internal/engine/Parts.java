package dev.migrator.internal.engine;

import dev.migrator.FleetListener;
import dev.migrator.PoolPressure;
import dev.migrator.StatementProtection;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.Timings;
import dev.migrator.internal.adopt.ForeignHistory;
import dev.migrator.internal.adopt.TrustedOwner;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.fleet.Announcements;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.fleet.Membership;
import dev.migrator.internal.fleet.Protection;
import dev.migrator.internal.fleet.ReadSwitches;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.fleet.SessionReader;
import dev.migrator.internal.journal.ApprovalStore;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.JournalGuard;
import dev.migrator.internal.journal.Layout;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Outages;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.SafetySettings;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a migrator, put together.
 *
 * @param check whether this release may serve
 * @param rounds takes migrations forward
 * @param startup what has to be there before this release serves
 * @param worker the rest of the work
 */
record Parts(
    Database database,
    ReleaseCheck check,
    MigrationExecutor rounds,
    Startup startup,
    Lazy<BackgroundWorker> worker,
    Lazy<StatusReader> statuses,
    Lazy<OperatorCommands> commands,
    Lazy<Planning> planning,
    ReadSwitches switches,
    Membership membership) {

  /**
   * Puts them together.
   *
   * @param starting whether this instance is in its start
   */
  static Parts of(
      DataSource dataSource,
      Declarations declarations,
      MigratorSettings settings,
      PoolPressure pool,
      InstanceInfo self,
      FleetListener listener,
      @Nullable StatementProtection statements,
      Supplier<Collection<String>> sessionNames,
      @Nullable String approvedPlan,
      Map<String, Integer> checksums,
      Timings timings,
      Layout layout,
      StopSignal signal,
      BooleanSupplier starting) {
    Database database = new Database(dataSource);
    Outages outages = new Outages();
    Registry registry = new Registry(database, settings.fleet().leaseTime(), timings);
    Announcements announcements = new Announcements(database, settings.fleet().leaseTime());
    Protection protection = new Protection(announcements, self, statements);
    SessionReader sessions =
        new SessionReader(
            database, settings.fleet().ignoreApplications(), timings.limits().newSession());
    ContractHolds others = new ContractHolds(database, sessions);
    Journal journal = new Journal(database, self.name(), self.release());
    Lease lease = new Lease(database, self.name(), settings.leaseTime(), timings.leading());
    SafetySettings safety = settings.safety();
    JournalGuard guard = new JournalGuard(database, safety.journalOwner());
    Leadership leadership = new Leadership(lease, guard, settings.leaseTime(), outages, timings);
    BackfillWorkers workers =
        new BackfillWorkers(database, guard, settings, pool, self.name(), timings);
    ForeignRecords foreign =
        new ForeignRecords(
            database,
            lease,
            journal,
            ForeignHistory.of(
                database, settings.sql(), new TrustedOwner(settings.safety().journalOwner())));
    MigrationExecutor rounds =
        new MigrationExecutor(
            database,
            lease,
            journal,
            registry,
            others,
            announcements,
            protection,
            declarations,
            settings,
            signal,
            workers,
            foreign,
            timings);
    ReleaseCheck check = new ReleaseCheck(declarations, self.application() + " " + self.release());
    Adoption adoption =
        new Adoption(
            database,
            lease,
            journal,
            declarations,
            foreign,
            leadership,
            checksums,
            settings,
            signal,
            timings);
    StartCheck begin =
        new StartCheck(
            database,
            journal,
            declarations,
            check,
            rounds,
            adoption,
            new Baselines(
                database, lease, journal, declarations, leadership, settings, signal, timings),
            settings);
    ReadSwitches switches = declarations.switches(registry, self, settings.fleet().switchGrace());
    Membership membership =
        new Membership(
            registry,
            self,
            settings.fleet(),
            new StopWhenRefused(listener, signal),
            switches,
            protection,
            sessionNames,
            () -> begin.refusal(starting.getAsBoolean()),
            signal::wake,
            outages,
            timings);
    Startup startup =
        new Startup(
            database,
            journal,
            declarations,
            begin,
            rounds,
            leadership,
            workers,
            settings,
            signal,
            outages,
            timings,
            membership::waits);
    Lazy<BackgroundWorker> worker =
        new Lazy<>(
            () ->
                new BackgroundWorker(
                    database,
                    rounds,
                    new Report(declarations, rounds, new ProgressStore(database)),
                    declarations,
                    leadership,
                    workers,
                    signal,
                    outages,
                    timings));
    Lazy<StatusReader> statuses =
        new Lazy<>(
            () ->
                new StatusReader(
                    database, journal, lease, registry, sessions, others, declarations, settings));
    Lazy<Planning> planning =
        new Lazy<>(
            () -> {
              PlanReader plans =
                  new PlanReader(
                      database,
                      journal,
                      declarations,
                      new PlanFleet(database, registry, others, self, sessionNames),
                      settings,
                      layout);
              return new Planning(
                  plans,
                  new Approval(approvedPlan, plans, new ApprovalStore(database, self.name())),
                  new OneRun(
                      declarations, begin, rounds, leadership, workers, settings, signal, timings));
            });
    Lazy<OperatorCommands> commands =
        new Lazy<>(() -> new OperatorCommands(database, journal, registry, declarations));
    return new Parts(
        database,
        check,
        rounds,
        startup,
        worker,
        statuses,
        commands,
        planning,
        switches,
        membership);
  }
}
