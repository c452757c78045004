package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
    for (int i = 0; i < operations.size(); i++) {
      String suffix = suffix(i);
      boolean own =
          operations.get(i).steps(step.phase()).steps().stream()
              .anyMatch(it -> (it.name() + suffix).equals(step.name()));
      if (own) {
        return operations.get(i).table();
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
    for (int i = 0; i < operations.size(); i++) {
      PhaseSteps own = operations.get(i).steps(phase);
      String suffix = suffix(i);
      for (Step step : own.steps()) {
        Step unique = step.renamed(suffix);
        if (!own.complete()) {
          incomplete.add(unique);
        } else if (step.info().gate() == Gate.NONE && removing.isEmpty()) {
          steps.add(unique);
        } else {
          removing.add(unique);
        }
      }
    }
    if (!incomplete.isEmpty()) {
      return PhaseSteps.incomplete(incomplete);
    }
    steps.addAll(removing);
    return PhaseSteps.of(steps);
  }
}
