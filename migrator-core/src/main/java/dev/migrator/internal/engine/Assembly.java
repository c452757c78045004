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
 * Puts the parts of a migrator together. What a start with nothing to do does not need is made by a
 * method of its own, when it is first asked for.
 */
final class Assembly {

  private final Declarations declarations;

  private final MigratorSettings settings;

  private final PoolPressure pool;

  private final InstanceInfo self;

  private final Supplier<Collection<String>> sessionNames;

  private final @Nullable String approvedPlan;

  private final Map<String, Integer> checksums;

  private final Timings timings;

  private final Layout layout;

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
  Assembly(
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
    this.declarations = declarations;
    this.settings = settings;
    this.pool = pool;
    this.self = self;
    this.sessionNames = sessionNames;
    this.approvedPlan = approvedPlan;
    this.checksums = checksums;
    this.timings = timings;
    this.layout = layout;
    this.signal = signal;
    this.starting = starting;
    this.database = new Database(dataSource);
    this.registry = new Registry(database, settings.fleet().leaseTime(), timings);
    this.announcements = new Announcements(database, settings.fleet().leaseTime());
    this.protection = new Protection(announcements, self, statements);
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
            new StopWhenRefused(listener, signal),
            switches,
            protection,
            sessionNames,
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
        new Startup(begin, needs, new Lazy<>(this::startWork), settings, signal, outages, timings),
        new Lazy<>(this::worker),
        new Lazy<>(this::statuses),
        new Lazy<>(this::commands),
        new Lazy<>(this::planning),
        switches,
        membership);
  }

  private @Nullable String refusal() {
    return begin.refusal(starting.getAsBoolean());
  }

  private WorkParts work() {
    Lease lease = new Lease(database, self.name(), settings.leaseTime(), timings.leading());
    SafetySettings safety = settings.safety();
    JournalGuard guard = new JournalGuard(database, safety.journalOwner());
    BackfillWorkers workers =
        new BackfillWorkers(database, guard, settings, pool, self.name(), timings);
    ForeignRecords foreign =
        new ForeignRecords(
            database,
            lease,
            journal,
            ForeignHistory.of(database, settings.sql(), new TrustedOwner(safety.journalOwner())));
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
            gates,
            together,
            snapshots,
            timings);
    Leadership leadership = new Leadership(lease, guard, settings.leaseTime(), outages, timings);
    return new WorkParts(lease, leadership, foreign, workers, rounds);
  }

  private Adoption adoption() {
    return new Adoption(
        database, work.get(), journal, declarations, checksums, settings, signal, timings);
  }

  private Baselines baselines() {
    return new Baselines(database, work.get(), journal, declarations, settings, signal, timings);
  }

  private StartWork startWork() {
    return new StartWork(
        declarations,
        needs,
        snapshots,
        work.get(),
        settings,
        signal,
        timings,
        membership::waits,
        new StartProgress(database, journal, declarations, snapshots));
  }

  private BackgroundWorker worker() {
    return new BackgroundWorker(
        database,
        work,
        new Report(declarations, snapshots, new ProgressStore(database)),
        declarations,
        snapshots,
        signal,
        outages,
        timings);
  }

  private StatusReader statuses() {
    return new StatusReader(
        database, journal, work.get().lease(), registry, sessions, others, declarations, settings);
  }

  private OperatorCommands commands() {
    return new OperatorCommands(database, journal, registry, declarations);
  }

  private Planning planning() {
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
  }
}
