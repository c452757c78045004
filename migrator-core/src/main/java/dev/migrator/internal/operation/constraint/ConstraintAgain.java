package dev.migrator.internal.operation.constraint;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.check.ResolvedCheck;
import dev.migrator.internal.operation.foreignkey.ResolvedForeignKey;
import dev.migrator.internal.operation.index.ResolvedIndex;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps that make a constraint again as it was, without a scan that anybody waits for. */
record ConstraintAgain(
    TableFacts table,
    String name,
    Phase phase,
    TableConstraint constraint,
    @Nullable TableFacts parent) {

  /** The parent first, as everywhere. */
  static List<TableLock> locks(TableFacts table, @Nullable TableFacts parent, TableLock.Mode mode) {
    List<TableLock> locks = new ArrayList<>();
    if (parent != null && parent.oid() != table.oid()) {
      locks.add(new TableLock(parent.quoted(), mode));
    }
    locks.add(new TableLock(table.quoted(), mode));
    return locks;
  }

  List<Step> steps() {
    return constraint.kind().equals("u") ? unique() : validated();
  }

  private List<Step> validated() {
    List<Step> steps = new ArrayList<>();
    if (constraint.validated()) {
      steps.add(new CountStep(info("count-violations"), violations()));
    }
    List<String> add = new ArrayList<>();
    add.add(
        "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID"
            .formatted(table.quoted(), Identifiers.quote(name), constraint.definition()));
    add.addAll(comments());
    TableLock.Mode mode =
        (parent == null) ? TableLock.Mode.ACCESS_EXCLUSIVE : TableLock.Mode.SHARE_ROW_EXCLUSIVE;
    steps.add(new TransactionStep(info("add-constraint"), locks(table, parent, mode), add));
    if (constraint.validated()) {
      steps.add(
          new ValidationStep(
              info("validate-constraint"),
              List.of(
                  "ALTER TABLE %s VALIDATE CONSTRAINT %s"
                      .formatted(table.quoted(), Identifiers.quote(name)))));
    }
    return steps;
  }

  private ViolatingRows violations() {
    return (parent == null)
        ? ResolvedCheck.violations(table, name, String.valueOf(constraint.expression()))
        : ResolvedForeignKey.orphans(
            table, constraint.columns(), parent, constraint.parentColumns());
  }

  private List<Step> unique() {
    IndexShape shape =
        new IndexShape(
            true,
            String.valueOf(constraint.index()),
            constraint.columns().stream().map(Identifiers::quote).toList(),
            null);
    IndexName index = new IndexName(table.schema(), name);
    String quoted = Identifiers.quote(name);
    List<String> add = new ArrayList<>();
    add.add(
        "ALTER TABLE %s ADD CONSTRAINT %s UNIQUE USING INDEX %s%s"
            .formatted(table.quoted(), quoted, quoted, constraint.timing()));
    add.addAll(comments());
    if (constraint.clustered()) {
      add.add("ALTER TABLE %s CLUSTER ON %s".formatted(table.quoted(), quoted));
    }
    return List.of(
        new CountStep(info("count-duplicates"), ResolvedIndex.duplicates(table, shape)),
        new ConcurrentIndexStep(
            info("build-index"), index, true, shape.build(name, table.quoted()), List.of()),
        new TransactionStep(
            info("add-constraint"), locks(table, null, TableLock.Mode.ACCESS_EXCLUSIVE), add));
  }

  private List<String> comments() {
    List<String> comments = new ArrayList<>();
    if (constraint.comment() != null) {
      comments.add(
          "COMMENT ON CONSTRAINT %s ON %s IS %s"
              .formatted(
                  Identifiers.quote(name),
                  table.quoted(),
                  Identifiers.literal(constraint.comment())));
    }
    if (constraint.indexComment() != null) {
      comments.add(
          "COMMENT ON INDEX %s IS %s"
              .formatted(
                  new IndexName(table.schema(), name).quoted(),
                  Identifiers.literal(constraint.indexComment())));
    }
    return comments;
  }

  private StepInfo info(String step) {
    return StepInfo.undoing(step, phase);
  }
}
