package dev.migrator.internal.engine;

import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.fleet.DeclaredFiles;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.fleet.ReadSwitches;
import dev.migrator.internal.fleet.ReadSwitches.MadeColumn;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.ContractGate;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.History;
import dev.migrator.internal.plan.Member.Declared;
import dev.migrator.internal.plan.Overlap;
import dev.migrator.internal.plan.Planner;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
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

  private final Map<String, Declaration> byId = new LinkedHashMap<>();

  /** The ids of those of which this release says only that they are finished. */
  private final Set<String> completed = new HashSet<>();

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
            "two migrations have the id \"%s\": the beans \"%s\" and \"%s\"; give one of them another id"
                .formatted(declaration.id(), other.bean(), declaration.bean()));
      }
    }
    for (String id : completed) {
      if (byId.containsKey(id)) {
        throw new InvalidMigrationException(
            ErrorCode.ID_TAKEN,
            "the migration \"%s\" is declared by the bean \"%s\", and said to be completed by another; keep one of them"
                .formatted(id, byId.get(id).bean()));
      }
    }
  }

  /** What the instance tells the others. */
  public Map<String, Declared> declared() {
    Map<String, Declared> declared = new LinkedHashMap<>();
    completed.forEach(
        it -> declared.put(it, new Declared(Phase.CONTRACT, true, false, true, false)));
    byId.forEach(
        (id, it) -> {
          if (!it.isFile()) {
            declared.put(id, it.declared());
          }
        });
    return declared;
  }

  /** What the instance tells the others of its SQL files, of which there may be thousands. */
  public DeclaredFiles declaredFiles() {
    Map<String, Declared> files = new TreeMap<>();
    byId.forEach(
        (id, it) -> {
          if (it.isFile()) {
            files.put(id, it.declared());
          }
        });
    return DeclaredFiles.of(files);
  }

  ReadSwitches switches(Registry registry, InstanceInfo self, Duration grace) {
    Map<String, Boolean> fixed = new HashMap<>();
    completed.forEach(it -> fixed.put(it, true));
    Set<String> atRuntime = new HashSet<>();
    Map<MadeColumn, Set<String>> makers = new HashMap<>();
    for (Declaration declaration : byId.values()) {
      declaration
          .sides()
          .forEach(
              sides ->
                  sides
                      .newColumns()
                      .forEach(
                          column ->
                              makers
                                  .computeIfAbsent(
                                      new MadeColumn(sides.table(), column), it -> new HashSet<>())
                                  .add(declaration.id())));
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
          if (declaration
              .sides()
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

  /** Those of which this release says only that they are finished. */
  Set<String> completed() {
    return Set.copyOf(completed);
  }

  /**
   * A release must not map what it says a finished change has taken away, either. When that is
   * dropped, a column of the same name is another one.
   *
   * @throws InvalidMigrationException naming the mapping
   */
  void checkCompleted(List<MappedColumn> columns, Supplier<Snapshot> journal) {
    if (completed.isEmpty()) {
      return;
    }
    Snapshot snapshot = journal.get();
    for (String id : completed) {
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
    return completed.contains(id);
  }

  /** Of the ids that the settings approve. */
  void warnOfUnknown(Set<String> approved) {
    approved.stream()
        .filter(it -> !byId.containsKey(it))
        .forEach(
            it ->
                logger.warn(
                    "migrator.contract.approved lists \"{}\", which no migration here declares",
                    it));
  }

  boolean dependOnFleet(Snapshot snapshot) {
    return order(snapshot).stream().anyMatch(it -> dependsOnFleet(it, snapshot));
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
    for (Declaration declaration : byId.values()) {
      String id = declaration.id();
      if (!isContractNext(declaration, snapshot)) {
        continue;
      }
      if (!declaration.isFile()) {
        found.put(id, holds.of(declaration, starting));
        continue;
      }
      // The same of all of them, as nobody knows what they affect.
      ofFiles = (ofFiles == null) ? holds.of(declaration, starting) : ofFiles;
      found.put(id, ofFiles);
    }
    return found;
  }

  /** The same of one migration. */
  Map<String, List<Hold>> others(
      String id, Snapshot snapshot, ContractHolds holds, boolean starting) {
    Declaration declaration = byId.get(id);
    return (declaration != null && isContractNext(declaration, snapshot))
        ? Map.of(id, holds.of(declaration, starting))
        : Map.of();
  }

  private boolean isContractNext(Declaration declaration, Snapshot snapshot) {
    return declaration.declares() == Phase.CONTRACT
        && recorded(declaration.id(), snapshot).next() == Phase.CONTRACT;
  }

  Collection<Declaration> all() {
    return byId.values();
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  /** A contract that has not run, and without which a file that comes behind it may fail. */
  @Nullable String heldBefore(Declaration file, Snapshot snapshot) {
    String held = null;
    for (Declaration other : byId.values()) {
      if (other == file) {
        return held;
      }
      boolean reached = recorded(other.id(), snapshot).phase() == Phase.CONTRACT;
      held = (other.isFileOfContract() && !reached) ? other.id() : held;
    }
    return held;
  }

  /** All that this release knows, also what it only says to be finished. */
  Set<String> ids() {
    Set<String> ids = new HashSet<>(byId.keySet());
    ids.addAll(completed);
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
    snapshot.records().keySet().stream().filter(it -> !byId.containsKey(it)).forEach(order::add);
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
        reached ? null : blockedBy(id, snapshot),
        snapshot.fleet(),
        contract,
        snapshot.now());
  }

  /** The declared migrations that have to go on before this one can, the first to go first. */
  List<Declaration> before(String id, Snapshot snapshot) {
    LinkedList<Declaration> before = new LinkedList<>();
    String blocker = blockedBy(id, snapshot);
    // Two that name each other by after(…) wait for ever, and are shown as held.
    while (blocker != null && byId.containsKey(blocker) && !before.contains(byId.get(blocker))) {
      before.addFirst(byId.get(blocker));
      blocker = blockedBy(blocker, snapshot);
    }
    return before;
  }

  /**
   * What has to be finished before this one because it says so, or be there because it is a file.
   */
  private @Nullable String comesBefore(Declaration declaration, Snapshot snapshot) {
    for (String id : declaration.migration().after()) {
      Declaration other = byId.get(id);
      Recorded recorded = recorded(id, snapshot);
      boolean finished =
          completed.contains(id)
              || recorded.completed()
              || (recorded.phase() != null
                  && recorded.phase().includes(other == null ? Phase.CONTRACT : other.declares()));
      if (!finished) {
        return id;
      }
    }
    if (recorded(declaration.id(), snapshot).begun() != null) {
      return null;
    }
    for (Declaration other : byId.values()) {
      if (other == declaration) {
        return null;
      }
      // Of two beans it is known what they affect.
      if ((declaration.isFile() || other.isFile()) && isAwaited(other, snapshot)) {
        return other.id();
      }
    }
    return null;
  }

  /**
   * Whether what comes behind another migration waits for it: until what that adds is there. What
   * is held keeps nobody else: by an operator, by its own word, by a failure, or by another change
   * whose contract may have to wait for releases that go only when this one serves.
   */
  private boolean isAwaited(Declaration other, Snapshot snapshot) {
    Recorded recorded = recorded(other.id(), snapshot);
    if (recorded.phase() != null) {
      return false;
    }
    boolean held =
        recorded.paused()
            || recorded.undoing()
            || recorded.undone()
            || recorded.failure() != null
            || (!other.isFile() && overlapped(other, snapshot) != null)
            || !other.migration().after().isEmpty();
    return !held;
  }

  /**
   * An unfinished change that has a column in common with this one, and is declared before it, or
   * was begun before it and is not declared here.
   */
  private @Nullable String blockedBy(String id, Snapshot snapshot) {
    Declaration declaration = byId.get(id);
    if (declaration == null) {
      return null;
    }
    String before = comesBefore(declaration, snapshot);
    // What a file affects is unknown.
    return (before != null || declaration.isFile()) ? before : overlapped(declaration, snapshot);
  }

  /** A change of the same objects that has to be finished first. */
  private @Nullable String overlapped(Declaration declaration, Snapshot snapshot) {
    for (Declaration other : byId.values()) {
      if (other == declaration) {
        break;
      }
      if (Overlap.blocks(other, recorded(other.id(), snapshot).phase(), declaration)) {
        return other.id();
      }
    }
    // In the order in which they were begun, so that no two can wait for each other.
    for (Recorded other : snapshot.records().values()) {
      if (other.id().equals(declaration.id())) {
        break;
      }
      if (!byId.containsKey(other.id()) && Overlap.blocks(other, declaration)) {
        return other.id();
      }
      if (Overlap.keepsRetired(other, declaration)) {
        return other.id();
      }
    }
    return null;
  }
}
