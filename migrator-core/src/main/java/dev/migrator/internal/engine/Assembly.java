package dev.migrator.internal.engine;

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
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Outages;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.SafetySettings;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a migrator together. What a start with nothing to do does not need is made by a
 * method of its own, when it is first asked for.
 */
final class Assembly {

  private final Setup setup;

  private final StopSignal signal;

  private final BooleanSupplier starting;

  private final Database database;

  private final Outages outages = new Outages();

  private final Registry registry;

  private final Announcements announcements;

  private final Protection protection;

  private final SessionReader sessions;

  private final ContractHolds others;

  private final Journal journal;

  private final FleetGates gates;

  private final ReadTogether together = new ReadTogether();

  private final Snapshots snapshots;

  private final StartNeeds needs;

  private final Lazy<WorkParts> work = new Lazy<>(this::work);

  private final ReleaseCheck check;

  private final StartCheck begin;

  private final ReadSwitches switches;

  private final Membership membership;

  /**
   * Makes those that every start needs.
   *
   * @param starting whether this instance is in its start
   */
  Assembly(Setup setup, StopSignal signal, BooleanSupplier starting) {
    this.setup = setup;
    this.signal = signal;
    this.starting = starting;
    Declarations declarations = setup.declarations();
    MigratorSettings settings = setup.settings();
    InstanceInfo self = setup.self();
    Timings timings = setup.timings();
    this.database = new Database(setup.dataSource());
    this.registry = new Registry(database, settings.fleet().leaseTime(), timings);
    this.announcements = new Announcements(database, settings.fleet().leaseTime());
    this.protection = new Protection(announcements, self, setup.statements());
    this.sessions =
        new SessionReader(
            database, settings.fleet().ignoreApplications(), timings.limits().newSession());
    this.others = new ContractHolds(database, sessions);
    this.journal = new Journal(database, self.name(), self.release());
    this.gates = new FleetGates(journal, registry, others, settings.contract());
    this.snapshots =
        new Snapshots(database, journal, declarations, registry, others, gates, settings, together);
    this.needs = new StartNeeds(declarations, snapshots);
    this.check =
        new ReleaseCheck(declarations, String.join(" ", self.application(), self.release()));
    this.begin =
        new StartCheck(
            database,
            journal,
            declarations,
            check,
            snapshots,
            new Lazy<>(this::adoption),
            new Lazy<>(this::baselines),
            settings);
    this.switches = declarations.switches(registry, self, settings.fleet().switchGrace());
    this.membership =
        new Membership(
            registry,
            self,
            settings.fleet(),
            new StopWhenRefused(setup.listener(), signal),
            switches,
            protection,
            setup.sessionNames(),
            this::refusal,
            signal::wake,
            outages,
            timings);
  }

  Parts parts() {
    return new Parts(
        database,
        check,
        snapshots,
        new Startup(
            begin,
            needs,
            new Lazy<>(this::startWork),
            setup.settings(),
            signal,
            outages,
            setup.timings()),
        new Lazy<>(this::worker),
        new Lazy<>(this::statuses),
        new Lazy<>(this::commands),
        new Lazy<>(this::approvedRun),
        switches,
        membership);
  }

  private @Nullable String refusal() {
    return begin.refusal(starting.getAsBoolean());
  }

  private WorkParts work() {
    Lease lease =
        new Lease(
            database, setup.self().name(), setup.settings().leaseTime(), setup.timings().leading());
    SafetySettings safety = setup.settings().safety();
    JournalGuard guard = new JournalGuard(database, safety.journalOwner());
    BackfillWorkers workers =
        new BackfillWorkers(
            database, guard, setup.settings(), setup.pool(), setup.self().name(), setup.timings());
    ForeignRecords foreign =
        new ForeignRecords(
            database,
            lease,
            journal,
            ForeignHistory.of(
                database, setup.settings().sql(), new TrustedOwner(safety.journalOwner())));
    MigrationExecutor executor =
        new MigrationExecutor(
            database,
            lease,
            journal,
            registry,
            others,
            announcements,
            protection,
            setup.declarations(),
            setup.settings(),
            signal,
            workers,
            foreign,
            gates,
            together,
            snapshots,
            setup.timings());
    Leadership leadership =
        new Leadership(lease, guard, setup.settings().leaseTime(), outages, setup.timings());
    return new WorkParts(lease, leadership, foreign, workers, executor);
  }

  private Adoption adoption() {
    return new Adoption(
        database,
        work.get(),
        journal,
        setup.declarations(),
        setup.checksums(),
        setup.settings(),
        signal,
        setup.timings());
  }

  private Baselines baselines() {
    return new Baselines(
        database,
        work.get(),
        journal,
        setup.declarations(),
        setup.settings(),
        signal,
        setup.timings());
  }

  private StartWork startWork() {
    return new StartWork(
        setup.declarations(),
        needs,
        snapshots,
        begin::requireFit,
        work.get(),
        setup.settings(),
        signal,
        setup.timings(),
        membership::waits,
        new StartProgress(database, journal, setup.declarations(), snapshots));
  }

  private BackgroundWorker worker() {
    return new BackgroundWorker(
        database,
        work,
        new Report(setup.declarations(), snapshots, new ProgressStore(database)),
        setup.declarations(),
        snapshots,
        signal,
        outages,
        setup.timings());
  }

  private StatusReader statuses() {
    return new StatusReader(
        database,
        journal,
        work.get().lease(),
        registry,
        sessions,
        others,
        setup.declarations(),
        setup.settings());
  }

  private OperatorCommands commands() {
    return new OperatorCommands(database, journal, registry, setup.declarations());
  }

  private ApprovedRun approvedRun() {
    PlanReader plans =
        new PlanReader(
            database,
            journal,
            setup.declarations(),
            new PlanFleet(database, registry, others, setup.self(), setup.sessionNames()),
            new RestingState(database, registry),
            setup.settings(),
            setup.layout());
    return new ApprovedRun(
        plans,
        new Approval(setup.approvedPlan(), plans, new ApprovalStore(database, setup.self().name())),
        new OneRun(
            setup.declarations(), begin, work.get(), setup.settings(), signal, setup.timings()));
  }
}
