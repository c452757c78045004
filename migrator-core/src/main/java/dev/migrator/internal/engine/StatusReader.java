package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.backfill.Progress;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.backfill.Quarantine;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.fleet.SessionReader;
import dev.migrator.internal.fleet.UnregisteredClients;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.MeasureStore;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.InstanceStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.MigratorStatus;
import dev.migrator.status.MigratorStatus.Leader;
import dev.migrator.status.StepMeasure;
import dev.migrator.status.StepStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says where everything stands, from the journal and the declarations. */
final class StatusReader {

  /** So many bad rows are named. */
  private static final int NAMED = 20;

  private final Database database;

  private final Journal journal;

  private final ProgressStore progress;

  private final Quarantine quarantine;

  private final Lease lease;

  private final Registry registry;

  private final ContractHolds others;

  private final UnregisteredClients clients;

  private final Declarations declarations;

  private final MigratorSettings settings;

  StatusReader(
      Database database,
      Journal journal,
      Lease lease,
      Registry registry,
      SessionReader sessions,
      ContractHolds others,
      Declarations declarations,
      MigratorSettings settings) {
    this.database = database;
    this.journal = journal;
    this.progress = new ProgressStore(database);
    this.quarantine = new Quarantine(database);
    this.lease = lease;
    this.registry = registry;
    this.others = others;
    this.clients = new UnregisteredClients(database, sessions);
    this.declarations = declarations;
    this.settings = settings;
  }

  MigratorStatus all(String serverVersion) {
    Snapshot snapshot = withFleet(database.read(journal::all));
    Leader leader = database.read(() -> lease.leader().orElse(null));
    Map<String, List<StepStatus>> steps = database.read(() -> journal.statuses().all());
    Map<String, Progress> copied = database.read(progress::all);
    List<MigrationStatus> migrations =
        declarations.order(snapshot).stream()
            .map(
                it ->
                    status(
                        it,
                        snapshot,
                        steps.getOrDefault(it, List.of()),
                        backfill(it, copied.get(it)),
                        leader != null))
            .toList();
    // Instances of one release have the same map.
    Map<Map<String, Member.Declared>, Map<String, Phase>> phases = new IdentityHashMap<>();
    List<InstanceStatus> instances =
        snapshot
            .fleet()
            .live()
            .map(it -> instance(it, phases.computeIfAbsent(it.declares(), StatusReader::phases)))
            .toList();
    return new MigratorStatus(serverVersion, leader, migrations, instances);
  }

  /** Where everything stands when there is no journal yet. */
  MigratorStatus beforeTheFirstStart() {
    Snapshot nothing = new Snapshot(Map.of(), Instant.now(), Fleet.EMPTY);
    List<MigrationStatus> migrations =
        declarations.all().stream()
            .map(it -> status(it.id(), nothing, List.of(), null, false))
            .toList();
    return new MigratorStatus("unknown", null, migrations, List.of());
  }

  Optional<MigrationStatus> one(String id) {
    return recorded(id)
        .map(it -> it.withSteps(database.read(() -> detailed(it))))
        .map(it -> isContractHeld(it) ? it.withWarnings(clients.of(declarations.get(id))) : it)
        .map(it -> it.withEvents(database.read(() -> journal.events().of(id))));
  }

  private List<StepStatus> detailed(MigrationStatus status) {
    Map<String, List<String>> statements = new HashMap<>();
    journal
        .steps()
        .records(status.id())
        .forEach(it -> statements.put(it.name(), it.step().statements()));
    Map<String, StepMeasure> measures = new MeasureStore(database).of(status.id());
    return status.steps().stream()
        .map(
            it ->
                it.with(
                    statements.getOrDefault(it.name(), List.of()),
                    it.state() == StepStatus.State.DONE ? measures.get(it.name()) : null))
        .toList();
  }

  private static boolean isContractHeld(MigrationStatus status) {
    return status.state() == State.HELD
        && status.phase() == Phase.SWITCH_READ
        && status.declares() == Phase.CONTRACT;
  }

  private Optional<MigrationStatus> recorded(String id) {
    Snapshot all = database.read(journal::all);
    if (all.get(id) == null && !declarations.contains(id)) {
      return Optional.empty();
    }
    boolean led = database.read(() -> lease.leader().isPresent());
    List<StepStatus> steps = database.read(() -> journal.statuses().of(id));
    Progress copied = database.read(() -> progress.read(id).orElse(null));
    return Optional.of(status(id, withFleet(all), steps, backfill(id, copied), led));
  }

  private Snapshot withFleet(Snapshot snapshot) {
    Fleet fleet = database.read(() -> registry.read(settings.contract().soak()));
    return snapshot.with(
        declarations.dependOnFleet(snapshot)
            ? fleet.with(database.inTransaction(() -> declarations.others(snapshot, others, false)))
            : fleet);
  }

  private static Map<String, Phase> phases(Map<String, Member.Declared> declares) {
    Map<String, Phase> phases = new HashMap<>();
    declares.forEach((id, it) -> phases.put(id, it.phase()));
    return Map.copyOf(phases);
  }

  private static InstanceStatus instance(Member member, Map<String, Phase> declares) {
    return new InstanceStatus(
        member.name(),
        member.application(),
        member.release(),
        member.startedAt(),
        member.seenAt(),
        member.expiresAt(),
        declares);
  }

  private MigrationStatus status(
      String id,
      Snapshot snapshot,
      List<StepStatus> steps,
      @Nullable BackfillStatus backfill,
      boolean led) {
    Declaration declaration = declarations.find(id);
    Recorded recorded = declarations.recorded(id, snapshot);
    Decision decision = declarations.decide(id, snapshot, settings.contract());
    List<Hold> holds = holds(decision, recorded, declaration);
    return new MigrationStatus(
        id,
        (declaration == null) ? null : declaration.bean(),
        (declaration == null) ? recorded.table() : declaration.tables().toString(),
        recorded.phase(),
        (declaration == null) ? null : declaration.declares(),
        state(decision, recorded, steps, led, declaration == null && recorded.isLeftBehind()),
        recorded.since(),
        steps,
        holds,
        backfill,
        List.of(),
        List.of());
  }

  private static State state(
      Decision decision,
      Recorded recorded,
      List<StepStatus> steps,
      boolean led,
      boolean leftBehind) {
    if (recorded.completed()) {
      return State.COMPLETED;
    }
    if (recorded.failure() != null) {
      return State.FAILED;
    }
    if (decision instanceof Decision.Wait) {
      return State.HELD;
    }
    if (decision instanceof Decision.Reached) {
      return leftBehind ? State.HELD : State.REACHED;
    }
    boolean running = steps.stream().anyMatch(it -> it.state() == StepStatus.State.RUNNING);
    return (running && led) ? State.RUNNING : State.PENDING;
  }

  private static List<Hold> holds(
      Decision decision, Recorded recorded, @Nullable Declaration declaration) {
    if (decision instanceof Decision.Wait wait) {
      return wait.holds();
    }
    if (declaration == null && recorded.isLeftBehind()) {
      return List.of(LeftBehind.hold(recorded));
    }
    Phase next = recorded.next();
    if (decision instanceof Decision.Reached
        && next != null
        && declaration != null
        && declaration.goesOn()) {
      return List.of(
          new Hold(
              Reason.NOT_DECLARED,
              "this release declares the change up to " + declaration.declares(),
              "deploy a release whose declaration goes on to " + declaration.goesOnBy(next)));
    }
    return List.of();
  }

  private @Nullable BackfillStatus backfill(String id, @Nullable Progress progress) {
    if (progress == null) {
      return null;
    }
    double carried = (progress.finishedAt() == null) ? progress.share() : 1;
    double proved =
        (progress.work() == BackfillTask.Kind.VERIFY)
            ? progress.share()
            : (progress.verifiedAt() == null) ? 0 : 1;
    return new BackfillStatus(
        progress.rowsDone(),
        progress.rowsExpected(),
        percent(carried),
        Math.round(progress.rate()),
        progress.eta(),
        progress.startedAt(),
        progress.finishedAt(),
        progress.rowsVerified(),
        percent(proved),
        (progress.verifiedAt() == null) ? null : progress.rowsDiffering(),
        progress.workers().stream()
            .map(it -> new BackfillStatus.Worker(it.name(), it.chunk(), it.rows(), it.rate()))
            .toList(),
        progress.throttle(),
        progress.speed(),
        progress.blocksPutOff(),
        progress.rowsBad(),
        progress.rowsBad() > 0 && settings.backfill().showKeys()
            ? database.read(() -> quarantine.first(id, NAMED))
            : List.of());
  }

  private static double percent(double share) {
    return Math.floor(share * 1000) / 10;
  }
}
