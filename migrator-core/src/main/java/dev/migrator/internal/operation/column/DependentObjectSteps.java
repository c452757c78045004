package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.operation.notnull.NotNullSteps;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The steps that give the new column what the old one has. Made from what the catalog lacks, so
 * that what was added to the old column later is carried in a later phase.
 */
final class DependentObjectSteps {

  private DependentObjectSteps() {}

  static List<Step> of(Phase phase, ResolvedColumnChange change) {
    DependentObjectSql sql = new DependentObjectSql(change);
    List<Step> steps = new ArrayList<>();
    String prefix = (phase == Phase.CONTRACT) ? "carry-late-" : "carry-";
    for (DependentObject attachment : sql.missing()) {
      steps.addAll(making(prefix, phase, sql, sql.carried(attachment)));
    }
    change.carriedNotNull().ifPresent(it -> steps.addAll(NotNullSteps.of(phase, it)));
    return steps;
  }

  /** The steps that make one index or constraint without blocking anybody. */
  static List<Step> making(
      String prefix, Phase phase, DependentObjectSql sql, DependentObjectSql.Made made) {
    DependentObject attachment = made.attachment();
    // A constraint and an index of another kind may have one name.
    String kind = attachment.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String name = prefix + kind + "-" + attachment.name();
    List<String> drop = List.of(made.dropConstraint());
    List<TableLock> locks = sql.locks(attachment);
    return switch (attachment.kind()) {
      case INDEX ->
          List.of(sql.partitioned() ? partitioned(name, phase, made) : index(name, phase, made));
      case UNIQUE_CONSTRAINT ->
          List.of(
              index(name + "-index", phase, made),
              new Step.Ddl(name, phase, locks, List.of(made.addUniqueConstraint()), drop));
      case CHECK, FOREIGN_KEY ->
          List.of(
              new Step.Ddl(name, phase, locks, List.of(made.addConstraint()), drop),
              new Step.Validation(name + "-validate", phase, List.of(made.validate()), List.of()));
    };
  }

  private static Step partitioned(String name, Phase phase, DependentObjectSql.Made made) {
    PartitionedIndex index = made.partitionedIndex();
    return new Step.PartitionedIndex(name, phase, index, List.of(index.drop()));
  }

  private static Step index(String name, Phase phase, DependentObjectSql.Made made) {
    return new Step.Index(
        name, phase, made.index(), true, made.buildIndex(), List.of(made.index().drop()));
  }
}
