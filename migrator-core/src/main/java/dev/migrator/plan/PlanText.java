package dev.migrator.plan;

import dev.migrator.plan.PlannedMigration.State;
import dev.migrator.status.Hold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan as a person reads it. */
final class PlanText {

  private final StringBuilder text = new StringBuilder();

  private PlanText() {}

  static String of(MigrationPlan plan) {
    PlanText text = new PlanText();
    text.line(0, summary(plan));
    plan.migrations().stream().filter(PlanText::isTold).forEach(text::migration);
    text.line(0, "fingerprint: " + plan.fingerprint());
    return text.text.toString();
  }

  static String summary(MigrationPlan plan) {
    int number = plan.migrations().size();
    if (number == 0) {
      return "no migration is declared";
    }
    Map<String, Integer> states = new LinkedHashMap<>();
    List<String> reasons = new ArrayList<>();
    for (PlannedMigration migration : plan.migrations()) {
      states.merge(word(migration.state()), 1, Integer::sum);
      if (!migration.holds().isEmpty()) {
        reasons.add(migration.id() + ": " + MigrationPlan.because(migration.holds()));
      } else if (migration.problem() != null) {
        reasons.add(migration.id() + ": " + migration.problem());
      }
    }
    return "%d %s: %s%s"
        .formatted(
            number,
            number == 1 ? "migration" : "migrations",
            states.entrySet().stream()
                .map(it -> it.getValue() + " " + it.getKey())
                .collect(Collectors.joining(", ")),
            reasons.isEmpty() ? "" : " because " + String.join("; ", reasons));
  }

  private static String word(State state) {
    return switch (state) {
      case REACHED -> "reached";
      case RUNS -> "runs";
      case FOLLOWS -> "follows";
      case HELD -> "held";
      case UNDOING -> "is undone";
      case FAILED -> "failed";
    };
  }

  private static boolean isTold(PlannedMigration migration) {
    return migration.state() != State.REACHED || !migration.phases().isEmpty();
  }

  private void migration(PlannedMigration migration) {
    line(
        0,
        "%n%s%s: %s"
            .formatted(
                migration.id(),
                migration.table().isEmpty() ? "" : " on " + migration.table(),
                word(migration.state())));
    line(
        1,
        "%s is reached, this release declares %s"
            .formatted(
                migration.reached() == null ? "nothing" : migration.reached(),
                migration.declares() == null ? "nothing of it" : migration.declares()));
    if (!migration.after().isEmpty()) {
      line(1, "after " + String.join(", ", migration.after()));
    }
    if (migration.problem() != null) {
      line(1, migration.problem());
    }
    holds(1, migration.holds());
    migration.phases().forEach(it -> phase(migration, it));
  }

  private void phase(PlannedMigration migration, PlannedPhase phase) {
    line(1, phase.phase() + (phase.steps().isEmpty() ? ": no step" : ""));
    holds(2, phase.holds().stream().filter(it -> !migration.holds().contains(it)).toList());
    phase.steps().forEach(it -> step(2, it));
  }

  private void holds(int depth, List<Hold> holds) {
    for (Hold hold : holds) {
      line(
          depth,
          "held: %s (%s). Released by: %s"
              .formatted(hold.message(), hold.reason().code(), hold.remedy()));
    }
  }

  private void step(int depth, PlannedStep step) {
    line(depth, step.name() + (step.afterRetention() ? ", after the retention time" : ""));
    line(depth + 1, "lock: " + locks(step));
    line(depth + 1, "work: " + step.work().text());
    if (step.volume() != null) {
      line(depth + 1, "size: " + step.volume().table() + ", " + step.volume());
    }
    if (step.estimate() != null) {
      line(depth + 1, "time: " + step.estimate());
    }
    sql(depth + 1, step.perRange() ? "sql, for each range" : "sql", step.statements());
    if (step.withoutUndo() != null) {
      line(depth + 1, "undo: none, " + step.withoutUndo());
    }
    for (PlannedStep undo : step.undo()) {
      sql(depth + 1, "undo", undo.statements());
    }
  }

  static String locks(PlannedStep step) {
    List<String> locks = new ArrayList<>(step.locks().stream().map(PlannedLock::toString).toList());
    if (step.otherLocks()) {
      locks.add("those of its SQL, known only when it runs");
    }
    return locks.isEmpty() ? "none" : String.join(", ", locks);
  }

  private void sql(int depth, String what, List<String> statements) {
    for (String statement : statements) {
      line(depth, what + ": " + statement.strip().replace("\n", "\n" + "  ".repeat(depth + 2)));
    }
  }

  private void line(int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }
}
