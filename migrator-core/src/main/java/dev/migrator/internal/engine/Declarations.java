package dev.migrator.internal.engine;

import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.fleet.DeclaredFiles;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.fleet.ReadSwitches;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.plan.ContractGate;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.History;
import dev.migrator.internal.plan.Member.Declared;
import dev.migrator.internal.plan.Planner;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.operation.SqlFile.Contained;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this release declares, in its order. */
public final class Declarations {

  private static final Logger logger = LoggerFactory.getLogger(Declarations.class);

  private static final Declared IS_FINISHED =
      new Declared(Phase.CONTRACT, true, false, true, false);

  private final Map<String, Declaration> byId = new LinkedHashMap<>();

  /** The ids of those of which this release says only that they are finished. */
  private final Set<String> completed = new HashSet<>();

  /** The same, and those of which it has nothing but a baseline that contains them. */
  private final Set<String> finished;

  /** The baseline that contains a migration, by its id; of several the last. */
  private final Map<String, String> baselines = new HashMap<>();

  private final Precedence precedence = new Precedence(this);

  public Declarations(List<Declaration> declarations) {
    for (Declaration declaration : History.sorted(declarations)) {
      if (declaration.migration() instanceof Migration.Completed) {
        completed.add(declaration.id());
        continue;
      }
      Declaration other = byId.putIfAbsent(declaration.id(), declaration);
      if (other != null) {
        throw new InvalidMigrationException(
            ErrorCode.ID_TAKEN,
            "two migrations have the id \"%s\": %s and %s; give one of them another id"
                .formatted(declaration.id(), other.origin(), declaration.origin()));
      }
    }
    for (Declaration baseline : byId.values()) {
      for (Contained contained : baseline.contains()) {
        baselines.put(contained.id(), baseline.id());
      }
    }
    for (String id : completed) {
      if (byId.containsKey(id)) {
        throw new InvalidMigrationException(
            ErrorCode.ID_TAKEN,
            "the migration \"%s\" is declared (%s), and said to be completed by another bean; keep one of them"
                .formatted(id, byId.get(id).origin()));
      }
    }
    Set<String> known = new HashSet<>(baselines.keySet());
    known.removeAll(byId.keySet());
    known.addAll(completed);
    this.finished = Set.copyOf(known);
  }

  /** What the instance tells the others. */
  public Map<String, Declared> declared() {
    Map<String, Declared> declared = new LinkedHashMap<>();
    for (String id : completed) {
      declared.put(id, IS_FINISHED);
    }
    declared.putAll(declared(false));
    return declared;
  }

  /** What the instance tells the others of its SQL files, of which there may be thousands. */
  public DeclaredFiles declaredFiles() {
    Map<String, Declared> files = new TreeMap<>(declared(true));
    for (String id : baselines.keySet()) {
      if (!byId.containsKey(id)) {
        files.put(id, IS_FINISHED);
      }
    }
    return DeclaredFiles.of(files);
  }

  private Map<String, Declared> declared(boolean files) {
    Map<String, Declared> declared = new LinkedHashMap<>();
    for (Declaration declaration : byId.values()) {
      if (declaration.isFile() == files) {
        declared.put(declaration.id(), declaration.declared());
      }
    }
    return declared;
  }

  ReadSwitches switches(Registry registry, InstanceInfo self, Duration grace) {
    Map<String, Boolean> fixed = new HashMap<>();
    for (String id : finished) {
      fixed.put(id, true);
    }
    Set<String> atRuntime = new HashSet<>();
    Map<String, Map<String, Set<String>>> makers = new HashMap<>();
    for (Declaration declaration : byId.values()) {
      for (Sides sides : declaration.sides()) {
        Map<String, Set<String>> ofTable =
            makers.computeIfAbsent(sides.table(), it -> new HashMap<>());
        for (String column : sides.newColumns()) {
          ofTable.computeIfAbsent(column, it -> new HashSet<>()).add(declaration.id());
        }
      }
      if (declaration.readsAtRuntime()) {
        atRuntime.add(declaration.id());
      } else {
        fixed.put(declaration.id(), declaration.readsNewSide());
      }
    }
    return new ReadSwitches(registry, self, grace, fixed, atRuntime, makers);
  }

  /**
   * A release must not map what it declares not to know.
   *
   * @throws InvalidMigrationException naming the mapping
   */
  void checkMapped(List<MappedColumn> columns) {
    for (Declaration declaration : byId.values()) {
      if (declaration.declares() == Phase.CONTRACT) {
        for (MappedColumn column : ContractGate.conflicts(declaration, columns)) {
          if (declaration.sides().stream()
              .anyMatch(it -> it.wholeTable() && it.table().equals(column.table()))) {
            throw new InvalidMigrationException(
                ErrorCode.MAPPED_BUT_DROPPED,
                "%s: this release declares dropTable() of \"%s\", so it must not know that table, but %s maps it; remove the mapping, or the declaration"
                    .formatted(declaration.where(), column.table(), column.where()));
          }
          throw new InvalidMigrationException(
              ErrorCode.MAPPED_BUT_DROPPED,
              "%s: this release declares dropColumn(\"%s\"), so it must not know that column, but %s maps it; remove the mapping, or end the declaration before dropColumn"
                  .formatted(declaration.where(), column.column(), column.where()));
        }
      }
    }
  }

  /**
   * Those of which this release says only that they are finished, or has nothing but a baseline
   * that contains them.
   */
  Set<String> completed() {
    return finished;
  }

  /** The baseline that contains a migration; {@code null} if none does. */
  @Nullable String baselineOf(String id) {
    return baselines.get(id);
  }

  /**
   * A release must not map what it says a finished change has taken away, either. When that is
   * dropped, a column of the same name is another one.
   *
   * @throws InvalidMigrationException naming the mapping
   */
  void checkCompleted(List<MappedColumn> columns, Supplier<Snapshot> journal) {
    if (finished.isEmpty() || columns.isEmpty()) {
      return;
    }
    Snapshot snapshot = journal.get();
    for (String id : finished) {
      Recorded recorded = recorded(id, snapshot);
      for (MappedColumn column : columns) {
        if (!recorded.completed() && recorded.retires(column.table(), column.column())) {
          throw new InvalidMigrationException(
              ErrorCode.MAPPED_BUT_DROPPED,
              "migration \"%s\" is said to be completed by this release, so it must not know column \"%s\" of \"%s\", but %s maps it; remove the mapping, or put the declaration back"
                  .formatted(id, column.column(), column.table(), column.where()));
        }
      }
    }
  }

  /** Whether this release says that it knows nothing of the old side of a change. */
  boolean isCompleted(String id) {
    return finished.contains(id);
  }

  /** Of the ids that the settings approve. */
  void warnOfUnknown(Set<String> approved) {
    for (String id : approved) {
      if (!byId.containsKey(id)) {
        logger.warn(
            "migrator.contract.approved lists \"{}\", which no migration here declares", id);
      }
    }
  }

  boolean dependOnFleet(Snapshot snapshot) {
    for (String id : order(snapshot)) {
      if (dependsOnFleet(id, snapshot)) {
        return true;
      }
    }
    return false;
  }

  boolean dependsOnFleet(String id, Snapshot snapshot) {
    return Planner.dependsOnFleet(byId.get(id), recorded(id, snapshot));
  }

  /**
   * What may use the old side beside the fleet, of those migrations only whose next phase is the
   * contract: the server reads all of its sessions and functions for it.
   */
  Map<String, List<Hold>> others(Snapshot snapshot, ContractHolds holds, boolean starting) {
    Map<String, List<Hold>> found = new HashMap<>();
    List<Hold> ofFiles = null;
    boolean anyFunction = contracts(snapshot) > 0 && holds.isAnyFunction();
    for (Declaration declaration : byId.values()) {
      String id = declaration.id();
      if (!isContractNext(declaration, snapshot)) {
        continue;
      }
      if (!declaration.isFile()) {
        found.put(id, holds.of(declaration, starting, anyFunction));
        continue;
      }
      // The same of all of them, as nobody knows what they affect.
      ofFiles = (ofFiles == null) ? holds.of(declaration, starting, anyFunction) : ofFiles;
      found.put(id, ofFiles);
    }
    return found;
  }

  /** What can be said of the operations of each migration. */
  Map<String, List<OperationFacts>> operations() {
    Map<String, List<OperationFacts>> operations = new HashMap<>();
    for (Declaration declaration : byId.values()) {
      operations.put(declaration.id(), declaration.operations());
    }
    return operations;
  }

  /** The same of one migration. */
  Map<String, List<Hold>> others(
      String id, Snapshot snapshot, ContractHolds holds, boolean starting) {
    Declaration declaration = byId.get(id);
    return (declaration != null && isContractNext(declaration, snapshot))
        ? Map.of(id, holds.of(declaration, starting))
        : Map.of();
  }

  /** How many have no other phase to come than the contract. */
  int contracts(Snapshot snapshot) {
    return (int) byId.values().stream().filter(it -> isContractNext(it, snapshot)).count();
  }

  private boolean isContractNext(Declaration declaration, Snapshot snapshot) {
    return declaration.declares() == Phase.CONTRACT
        && recorded(declaration.id(), snapshot).next() == Phase.CONTRACT;
  }

  Precedence precedence() {
    return precedence;
  }

  Collection<Declaration> all() {
    return byId.values();
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  /** All that this release knows, also what it only says to be finished. */
  Set<String> ids() {
    Set<String> ids = new HashSet<>(byId.keySet());
    ids.addAll(finished);
    return ids;
  }

  boolean contains(String id) {
    return byId.containsKey(id);
  }

  Declaration get(String id) {
    Declaration declaration = byId.get(id);
    if (declaration == null) {
      throw new IllegalArgumentException("this release does not declare " + id);
    }
    return declaration;
  }

  @Nullable Declaration find(String id) {
    return byId.get(id);
  }

  /** The declared changes first, then those that only the journal knows. */
  List<String> order(Snapshot snapshot) {
    List<String> order = new ArrayList<>(byId.keySet());
    for (String id : snapshot.records().keySet()) {
      if (!byId.containsKey(id)) {
        order.add(id);
      }
    }
    return order;
  }

  Recorded recorded(String id, Snapshot snapshot) {
    Recorded recorded = snapshot.get(id);
    return (recorded != null) ? recorded : Recorded.nothing(id);
  }

  Decision decide(String id, Snapshot snapshot, ContractSettings contract) {
    Declaration declaration = byId.get(id);
    Recorded recorded = recorded(id, snapshot);
    boolean reached =
        declaration == null
            || (recorded.phase() != null && recorded.phase().includes(declaration.declares()));
    return Planner.decide(
        declaration,
        recorded,
        reached ? null : precedence.blockedBy(id, snapshot),
        snapshot.fleet(),
        contract,
        snapshot.now());
  }
}
