package dev.migrator.run;

import dev.migrator.InvalidMigrationException;
import dev.migrator.journal.Journal.Snapshot;
import dev.migrator.plan.Decision;
import dev.migrator.plan.Declaration;
import dev.migrator.plan.Overlap;
import dev.migrator.plan.Planner;
import dev.migrator.plan.Recorded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What this release declares, in its order. */
final class Declarations {

  private final Map<String, Declaration> byId = new LinkedHashMap<>();

  Declarations(List<Declaration> declarations) {
    for (Declaration declaration : declarations) {
      Declaration other = byId.putIfAbsent(declaration.id(), declaration);
      if (other != null) {
        throw new InvalidMigrationException(
            "two migrations have the id \"%s\": the beans \"%s\" and \"%s\"; give one of them another id"
                .formatted(declaration.id(), other.bean(), declaration.bean()));
      }
    }
  }

  Collection<Declaration> all() {
    return byId.values();
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  Set<String> ids() {
    return byId.keySet();
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
    return (recorded != null)
        ? recorded
        : new Recorded(
            id, "", null, List.of(), null, false, false, false, false, null, null, false);
  }

  Decision decide(String id, Snapshot snapshot, Set<String> approvedContracts) {
    return Planner.decide(
        byId.get(id),
        recorded(id, snapshot),
        blockedBy(id, snapshot),
        approvedContracts,
        snapshot.now());
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
      if (other.id().equals(id)) {
        break;
      }
      if (!byId.containsKey(other.id()) && Overlap.blocks(other, declaration)) {
        return other.id();
      }
    }
    return null;
  }
}
