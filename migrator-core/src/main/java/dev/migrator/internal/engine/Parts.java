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
 * @param snapshots what the journal says
 * @param startup what has to be there before this release serves
 * @param worker the rest of the work
 */
record Parts(
    Database database,
    ReleaseCheck check,
    Snapshots snapshots,
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
    FleetGates gates = new FleetGates(journal, registry, others, settings.contract());
    ReadTogether together = new ReadTogether();
    Snapshots snapshots =
        new Snapshots(database, journal, declarations, registry, others, gates, settings, together);
    Lazy<WorkParts> work =
        new Lazy<>(
            () -> {
              Lease lease =
                  new Lease(database, self.name(), settings.leaseTime(), timings.leading());
              SafetySettings safety = settings.safety();
              JournalGuard guard = new JournalGuard(database, safety.journalOwner());
              BackfillWorkers workers =
                  new BackfillWorkers(database, guard, settings, pool, self.name(), timings);
              ForeignRecords foreign =
                  new ForeignRecords(
                      database,
                      lease,
                      journal,
                      ForeignHistory.of(
                          database, settings.sql(), new TrustedOwner(safety.journalOwner())));
              return new WorkParts(
                  lease,
                  new Leadership(lease, guard, settings.leaseTime(), outages, timings),
                  foreign,
                  workers,
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
                      gates,
                      together,
                      snapshots,
                      timings));
            });
    ReleaseCheck check = new ReleaseCheck(declarations, self.application() + " " + self.release());
    Lazy<Adoption> adoption =
        new Lazy<>(
            () ->
                new Adoption(
                    database,
                    work.get(),
                    journal,
                    declarations,
                    checksums,
                    settings,
                    signal,
                    timings));
    Lazy<Baselines> baselines =
        new Lazy<>(
            () ->
                new Baselines(
                    database, work.get(), journal, declarations, settings, signal, timings));
    StartCheck begin =
        new StartCheck(
            database, journal, declarations, check, snapshots, adoption, baselines, settings);
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
    StartNeeds needs = new StartNeeds(declarations, snapshots);
    Lazy<StartWork> starts =
        new Lazy<>(
            () ->
                new StartWork(
                    declarations,
                    needs,
                    snapshots,
                    work.get(),
                    settings,
                    signal,
                    timings,
                    membership::waits,
                    new StartProgress(database, journal, declarations, snapshots)));
    Startup startup = new Startup(begin, needs, starts, settings, signal, outages, timings);
    Lazy<BackgroundWorker> worker =
        new Lazy<>(
            () ->
                new BackgroundWorker(
                    database,
                    work,
                    new Report(declarations, snapshots, new ProgressStore(database)),
                    declarations,
                    snapshots,
                    signal,
                    outages,
                    timings));
    Lazy<StatusReader> statuses =
        new Lazy<>(
            () ->
                new StatusReader(
                    database,
                    journal,
                    work.get().lease(),
                    registry,
                    sessions,
                    others,
                    declarations,
                    settings));
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
                  new OneRun(declarations, begin, work.get(), settings, signal, timings));
            });
    Lazy<OperatorCommands> commands =
        new Lazy<>(() -> new OperatorCommands(database, journal, registry, declarations));
    return new Parts(
        database,
        check,
        snapshots,
        startup,
        worker,
        statuses,
        commands,
        planning,
        switches,
        membership);
  }
}
