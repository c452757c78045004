package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.catalog.TableImage;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.operation.Operations;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.StepOutline;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PartitionedIndexStep;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.VerificationStep;
import dev.migrator.plan.PlannedStep;
import dev.migrator.plan.TableVolume;
import dev.migrator.status.StepStatus.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a phase that is still to come, from the catalog as it is and from what the steps
 * before them make of it.
 */
final class StepForecast {

  private final Database database;

  private final Journal journal;

  private final Looks looks;

  private final StepOutline outline;

  private final Map<Long, TableVolume> volumes = new HashMap<>();

  private final Set<Long> tables = new TreeSet<>();

  StepForecast(Database database, Journal journal, Looks looks, StepOutline outline) {
    this.database = database;
    this.journal = journal;
    this.looks = looks;
    this.outline = outline;
  }

  /**
   * Compares a declaration with the catalog.
   *
   * @throws dev.migrator.error.InvalidMigrationException if it cannot be done as declared
   */
  ResolvedMigration resolve(Declaration declaration, boolean first) {
    ResolvedMigration resolved =
        looks.rolledBack(
            () ->
                Operations.resolve(database, declaration.where(), declaration.migration(), first));
    for (ResolvedOperation operation : resolved.operations()) {
      TableFacts table = operation.table();
      if (table != null && table.oid() != 0) {
        tables.add(table.oid());
      }
    }
    return resolved;
  }

  /** The steps of a phase, of one that has begun only those that are not done. */
  List<PlannedStep> of(String id, ResolvedMigration resolved, Phase phase, boolean begun) {
    return looks.rolledBack(
        () -> {
          Map<String, StepRecord> records = begun ? records(id) : Map.of();
          List<PlannedStep> planned = new ArrayList<>();
          ResolvedMigration then = resolved;
          PhaseSteps steps = then.steps(phase);
          if (!steps.complete()) {
            // What comes behind them is named after what they make.
            add(planned, steps, then, records);
            then = then.after(phase);
            steps = then.steps(phase);
          }
          add(planned, steps, then, records);
          return planned;
        });
  }

  private void add(
      List<PlannedStep> planned,
      PhaseSteps steps,
      ResolvedMigration resolved,
      Map<String, StepRecord> records) {
    for (Step step : LeftSteps.behindRelease(steps.steps(), records)) {
      if (LeftSteps.isLeft(step, records)) {
        TableFacts table = resolved.tableOf(step);
        planned.add(
            (table == null) ? outline.of(step, step.statements(), null, null) : of(step, table));
      }
    }
  }

  /** Looks at the database as the rest of the forecast does. */
  <T> T look(Supplier<T> look) {
    return looks.rolledBack(look);
  }

  /** One step on a table. */
  PlannedStep of(Step step, TableFacts table) {
    return outline.of(step, statements(step, table), table.quoted(), volume(table));
  }

  /** With what is done partition by partition, which only the catalog tells. */
  private List<String> statements(Step step, TableFacts table) {
    if (step instanceof PartitionedIndexStep index && index.present()) {
      List<String> sql = new ArrayList<>();
      new PartitionedIndexReader(database)
          .partitions(index.index()).stream()
              .filter(it -> it.leaf() && !it.isReady())
              .forEach(it -> sql.add(index.index().build(it)));
      sql.addAll(step.statements());
      return sql;
    }
    if (table.partitioned() && step instanceof BackfillStep copy) {
      return ofEachPartition(copy.ranges(), it -> it.update(0, 1));
    }
    if (table.partitioned() && step instanceof VerificationStep comparison) {
      return ofEachPartition(comparison.ranges(), it -> it.count(0, 1));
    }
    return step.statements();
  }

  private List<String> ofEachPartition(RangeSql ranges, Function<RangeSql, String> statement) {
    return new LeafReader(database)
        .of(ranges.table()).stream()
            .map(it -> statement.apply(ranges.of(it.oid(), it.quoted())))
            .toList();
  }

  private @Nullable TableVolume volume(TableFacts table) {
    return (table.oid() == 0)
        ? null
        : volumes.computeIfAbsent(
            table.oid(),
            oid ->
                new TableVolume(
                    table.quoted(),
                    (table.estimatedRows() == 0) ? null : table.estimatedRows(),
                    new TableSize(database).bytes(oid)));
  }

  /** What is recorded for the end of the retention time. */
  List<PlannedStep> retained(String id) {
    return looks.rolledBack(
        () ->
            records(id).values().stream()
                .filter(it -> it.step().info().gate() == Gate.RETENTION)
                .filter(it -> it.state() != State.DONE)
                .map(it -> outline.of(it.step(), it.step().statements(), null, null))
                .toList());
  }

  private Map<String, StepRecord> records(String id) {
    Map<String, StepRecord> records = new LinkedHashMap<>();
    journal.steps().records(id).forEach(it -> records.put(it.name(), it));
    return records;
  }

  /** What the tables are like that were looked at. */
  String catalog() {
    return looks.rolledBack(() -> new TableImage(database).of(tables));
  }

  /** How the database is looked at. */
  interface Looks {

    <T> T rolledBack(Supplier<T> look);
  }
}
