package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.SameAsDeclared;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the journal says, with the fleet where a decision depends on it. */
final class Snapshots {

  private final AtomicReference<@Nullable SameAsDeclared> toNote = new AtomicReference<>();

  private static final Duration LATELY = Duration.ofDays(7);

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final Registry registry;

  private final ContractHolds others;

  private final FleetGates gates;

  private final MigratorSettings settings;

  private final ReadTogether together;

  Snapshots(
      Database database,
      Journal journal,
      Declarations declarations,
      Registry registry,
      ContractHolds others,
      FleetGates gates,
      MigratorSettings settings,
      ReadTogether together) {
    this.database = database;
    this.journal = journal;
    this.declarations = declarations;
    this.registry = registry;
    this.others = others;
    this.gates = gates;
    this.settings = settings;
    this.together = together;
  }

  Snapshot all() {
    return withFleet(read());
  }

  /**
   * The records anew. Where they are as before, so is what follows from them and from who ran then:
   * it is asked again in the transaction that counts. Else it is to be known who ran behind them,
   * as whoever registers later than a command sees that one.
   */
  Snapshot again(Snapshot before) {
    Snapshot snapshot = read();
    return snapshot.records().equals(before.records())
        ? snapshot.with(before.fleet())
        : withFleet(snapshot);
  }

  /** With the fleet only if this release may not serve yet as far as the journal says. */
  Snapshot ofStart() {
    Snapshot snapshot = read();
    boolean ready =
        declarations.all().stream()
            .allMatch(it -> it.mayServe(declarations.recorded(it.id(), snapshot)));
    return ready ? snapshot : withFleet(snapshot);
  }

  private Snapshot read() {
    together.clear();
    return database.read(() -> journal.snapshot(declarations.ids()));
  }

  /** One brought up to date for one migration, without reading all of the others again. */
  Snapshot refreshed(Snapshot known, String id) {
    return refreshed(known, id, Phase.CONTRACT);
  }

  /**
   * The same for one that goes no further than a phase. Before the contract nothing is decided by
   * who runs, but where the releases themselves keep both sides in step or where it is undone.
   */
  Snapshot refreshed(Snapshot known, String id, Phase last) {
    if (together.isRead(id) && known.get(id) != null) {
      return known;
    }
    Set<String> ids = together.with(id);
    Snapshot snapshot = database.read(() -> journal.refreshed(known, ids));
    Recorded recorded = declarations.recorded(id, snapshot);
    boolean ends =
        last != Phase.CONTRACT
            && recorded.next() == Phase.CONTRACT
            && !recorded.undoing()
            && !isFile(id)
            && !recorded.byApplication();
    return !ends && declarations.dependsOnFleet(id, snapshot)
        ? withFleet(
            snapshot,
            () ->
                database.read(() -> declarations.others(id, snapshot, others, gates.isStarting())))
        : snapshot;
  }

  /** One that contracts has to go on in the same place, see {@link Startup}. */
  private boolean isFile(String id) {
    Declaration declaration = declarations.find(id);
    return declaration != null && declaration.isFile();
  }

  /**
   * With the files that are missing here, and what this release declares in the place of records
   * that are the same.
   */
  Snapshot withFiles() {
    together.clear();
    SameAsDeclared same = new SameAsDeclared(declarations.operations());
    Snapshot snapshot = database.read(() -> journal.snapshotWithFiles(declarations.ids(), same));
    toNote.set(same.news().isEmpty() ? null : same);
    return withFleet(snapshot);
  }

  /** Notes for the next start what this one has read; no start is to send a statement for it. */
  void note() {
    SameAsDeclared same = toNote.getAndSet(null);
    if (same != null) {
      same.note(database);
    }
  }

  private Snapshot withFleet(Snapshot snapshot) {
    if (!declarations.dependOnFleet(snapshot)) {
      return snapshot;
    }
    Supplier<Map<String, List<Hold>>> beside =
        () -> declarations.others(snapshot, others, gates.isStarting());
    int contracts = declarations.contracts(snapshot);
    return withFleet(snapshot, () -> database.readForEach(contracts, beside));
  }

  private Snapshot withFleet(Snapshot snapshot, Supplier<Map<String, List<Hold>>> beside) {
    Fleet fleet = database.read(() -> registry.read(settings.contract().soak())).with(beside.get());
    return snapshot.with(gates.isStarting() ? fleet.duringStart() : fleet);
  }

  /** What is to be done with one, as far as is known. */
  Decision decide(String id, Snapshot snapshot) {
    return declarations.decide(id, snapshot, settings.contract());
  }

  /** With everybody who was registered not long ago. */
  Snapshot withFleet() {
    return read().with(database.read(() -> registry.read(LATELY)));
  }
}
