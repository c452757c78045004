package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.SwitchReadStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A migration with everything that the catalog adds to its declaration.
 *
 * @param operations its operations, in the order in which they were declared
 */
public record ResolvedMigration(List<ResolvedOperation> operations) {

  public ResolvedMigration {
    operations = List.copyOf(operations);
  }

  /** The first table that is changed, quoted; empty if none is known. */
  public String table() {
    return operations.stream()
        .map(ResolvedOperation::table)
        .filter(Objects::nonNull)
        .findFirst()
        .map(TableFacts::quoted)
        .orElse("");
  }

  /** The tables in which a step copies rows. */
  public Set<String> copiedTables() {
    Set<String> tables = new TreeSet<>();
    for (Phase phase : Phase.values()) {
      for (Step step : steps(phase).steps()) {
        if (step instanceof BackfillStep backfill) {
          tables.add(backfill.ranges().name());
        }
      }
    }
    return tables;
  }

  /**
   * Whether none of its tables has ever had a row, as in a fresh database: then there is nothing
   * that an undo could need. In a transaction that has locked what it changes.
   */
  public boolean isOfEmptyTables(Database database) {
    TableSize size = new TableSize(database);
    return operations.stream()
        .map(ResolvedOperation::table)
        .allMatch(it -> it != null && size.isZero(it.oid()));
  }

  /** The same as the catalog will say it when the steps of a phase are done. */
  public ResolvedMigration after(Phase phase) {
    return new ResolvedMigration(operations.stream().map(it -> it.after(phase)).toList());
  }

  /** The table that a step works on; {@code null} if none is known. */
  public @Nullable TableFacts tableOf(Step step) {
    for (Owned owned : owned(step.phase())) {
      boolean own = owned.steps().steps().stream().anyMatch(it -> it.name().equals(step.name()));
      if (own) {
        return operations.get(owned.operation()).table();
      }
    }
    return null;
  }

  private static String suffix(int index) {
    return (index == 0) ? "" : "-" + (index + 1);
  }

  /**
   * The steps of a phase, operation by operation. What removes the old side comes last, so that the
   * phase is reached in the transaction that does it.
   */
  public PhaseSteps steps(Phase phase) {
    List<Step> steps = new ArrayList<>();
    List<Step> removing = new ArrayList<>();
    List<Step> incomplete = new ArrayList<>();
    for (Owned owned : owned(phase)) {
      for (Step step : owned.steps().steps()) {
        if (!owned.steps().complete()) {
          incomplete.add(step);
        } else if (step.info().gate() == Gate.NONE && removing.isEmpty()) {
          steps.add(step);
        } else {
          removing.add(step);
        }
      }
    }
    if (!incomplete.isEmpty()) {
      return PhaseSteps.incomplete(incomplete);
    }
    steps.addAll(removing);
    return PhaseSteps.of(steps);
  }

  /**
   * The steps of each operation in a phase, by names of their own; several can have some in one.
   */
  private List<Owned> owned(Phase phase) {
    List<Owned> all = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      PhaseSteps own = operations.get(i).steps(phase);
      String suffix = suffix(i);
      List<Step> renamed = own.steps().stream().map(it -> it.renamed(suffix)).toList();
      all.add(
          new Owned(i, own.complete() ? PhaseSteps.of(renamed) : PhaseSteps.incomplete(renamed)));
    }
    return switch (phase) {
      case BACKFILL -> copiedTogether(all);
      case SWITCH_READ -> switchedTogether(all);
      case EXPAND, DUAL_WRITE, CONTRACT -> all;
    };
  }

  /** Those that share a pass over the rows, by their places; none if it would be one only. */
  private Map<Integer, SharedCopy> copies(List<Owned> all, Class<? extends Step> kind) {
    Map<Integer, SharedCopy> copies = new TreeMap<>();
    for (Owned owned : all) {
      operations
          .get(owned.operation())
          .sharedCopy()
          .filter(it -> owned.steps().complete() && owned.has(kind))
          .filter(it -> copies.values().stream().allMatch(it::goesWith))
          .ifPresent(it -> copies.put(owned.operation(), it));
    }
    return (copies.size() < 2) ? Map.of() : copies;
  }

  /** What has come with a partition since is copied for all of them by the first. */
  private List<Owned> switchedTogether(List<Owned> all) {
    Map<Integer, SharedCopy> copies = copies(all, SwitchReadStep.class);
    if (copies.isEmpty()) {
      return all;
    }
    SharedCopy shared = SharedCopy.of(List.copyOf(copies.values()));
    return all.stream()
        .map(
            it ->
                copies.containsKey(it.operation())
                    ? new Owned(
                        it.operation(),
                        PhaseSteps.of(it.steps().steps().stream().map(shared::switching).toList()))
                    : it)
        .toList();
  }

  private List<Owned> copiedTogether(List<Owned> all) {
    Map<Integer, SharedCopy> copies = copies(all, BackfillStep.class);
    if (copies.isEmpty()) {
      return all;
    }
    List<Step> steps =
        SharedCopy.of(List.copyOf(copies.values()))
            .around(
                all.stream()
                    .filter(it -> copies.containsKey(it.operation()))
                    .flatMap(it -> it.steps().steps().stream()));
    int first = copies.keySet().iterator().next();
    List<Owned> result = new ArrayList<>();
    for (Owned owned : all) {
      if (owned.operation() == first) {
        result.add(new Owned(first, PhaseSteps.of(steps)));
      } else if (!copies.containsKey(owned.operation())) {
        result.add(owned);
      }
    }
    return result;
  }

  private record Owned(int operation, PhaseSteps steps) {

    boolean has(Class<? extends Step> kind) {
      return steps.steps().stream().anyMatch(kind::isInstance);
    }
  }
}
