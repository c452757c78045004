package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.operation.notnull.NotNullSteps;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.PartitionedIndexStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The steps that give the new column what the old one has. Made from what the catalog lacks, so
 * that what was added to the old column later is copied in a later phase.
 */
final class DependentObjectSteps {

  private DependentObjectSteps() {}

  /**
   * Of a phase.
   *
   * <p>What makes a key unique comes with SWITCH_READ, right before the first release that can name
   * it in ON CONFLICT. Before, it would reject the upserts of older releases: the server protects
   * them on the index that they name, and on no other. The old side keeps both unique until then.
   */
  static List<Step> of(Phase phase, ResolvedColumnChange change) {
    DependentObjectSql sql = new DependentObjectSql(change);
    List<Step> steps = new ArrayList<>();
    String prefix = (phase == Phase.CONTRACT) ? "copy-late-" : "copy-";
    for (DependentObject object : sql.missing()) {
      if (phase == Phase.CONTRACT || object.isArbiter() == (phase == Phase.SWITCH_READ)) {
        steps.addAll(making(prefix, phase, sql, sql.carried(object)));
      }
    }
    if (phase == Phase.SWITCH_READ) {
      return steps;
    }
    change.carriedNotNull().ifPresent(it -> steps.addAll(NotNullSteps.of(phase, it)));
    return steps;
  }

  /** What undoes a contract makes all of it again on the old column. */
  static List<Step> again(ResolvedColumnChange change) {
    DependentObjectSql sql = new DependentObjectSql(change);
    List<Step> steps = new ArrayList<>();
    for (DependentObjectSql.Made made : sql.again()) {
      List<Step> again = new ArrayList<>(making("", Phase.CONTRACT, sql, made));
      if (!made.details().isEmpty()) {
        // A name can be that of an index and of a constraint.
        String name = made.attachment().kind() + "-" + made.attachment().name() + "-details";
        again.add(
            new TransactionStep(
                StepInfo.of(name.toLowerCase(Locale.ROOT), Phase.CONTRACT),
                sql.locks(made.attachment()),
                made.details()));
      }
      again.stream()
          .map(it -> it.with(StepInfo.undoing(it.name(), it.phase())))
          .forEach(steps::add);
    }
    for (int i = 0; i < change.oldSide().size(); i++) {
      ColumnFacts column = change.oldSide().get(i);
      if (column.notNull()) {
        steps.addAll(notNullAgain(change, column, i));
      }
    }
    return steps;
  }

  private static List<Step> notNullAgain(
      ResolvedColumnChange change, ColumnFacts column, int index) {
    String table = change.table().quoted();
    @Nullable NamedNotNull own = change.ownNotNull(column).orElse(null);
    // By way of a CHECK on every version, unless it had another name: the server then names the NOT
    // NULL as it always does.
    NotNullSql sql =
        (own == null)
            ? new NotNullSql(
                table,
                column.name(),
                change.names().constraint("old_not_null_" + index),
                false,
                false)
            : new NotNullSql(table, column.name(), own.name(), true, false);
    List<Step> steps = new ArrayList<>(NotNullSteps.of(Phase.CONTRACT, sql));
    if (own != null && own.comment() != null) {
      steps.add(
          new TransactionStep(
              StepInfo.of("comment-not-null", Phase.CONTRACT),
              sql.lock(),
              List.of(own.describe(table))));
    }
    return steps.stream()
        .<Step>map(it -> it.with(StepInfo.undoing(it.name() + "-" + index, it.phase())))
        .toList();
  }

  /** The steps that make one index or constraint without blocking anybody. */
  private static List<Step> making(
      String prefix, Phase phase, DependentObjectSql sql, DependentObjectSql.Made made) {
    DependentObject object = made.attachment();
    // A constraint and an index of another kind may have one name.
    String kind = object.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String name = prefix + kind + "-" + object.name();
    return switch (object.kind()) {
      case INDEX ->
          List.of(
              sql.partitioned()
                  ? PartitionedIndexStep.build(StepInfo.of(name, phase), made.partitionedIndex())
                  : index(name, phase, made));
      case UNIQUE_CONSTRAINT ->
          List.of(
              index(name + "-index", phase, made),
              transaction(name, phase, sql, made, made.addUniqueConstraint()));
      case CHECK, FOREIGN_KEY ->
          List.of(
              transaction(name, phase, sql, made, made.addConstraint()),
              new ValidationStep(StepInfo.of(name + "-validate", phase), List.of(made.validate())));
    };
  }

  private static Step transaction(
      String name,
      Phase phase,
      DependentObjectSql sql,
      DependentObjectSql.Made made,
      String statement) {
    List<TableLock> locks = sql.locks(made.attachment());
    return TransactionStep.of(
        StepInfo.of(name, phase),
        locks,
        List.of(statement),
        sql.dropLocks(made.attachment()),
        List.of(made.dropConstraint()));
  }

  private static Step index(String name, Phase phase, DependentObjectSql.Made made) {
    return ConcurrentIndexStep.build(StepInfo.of(name, phase), made.index(), made.buildIndex());
  }
}
