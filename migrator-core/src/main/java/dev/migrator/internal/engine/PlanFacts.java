package dev.migrator.internal.engine;

import dev.migrator.internal.operation.column.RestingTriggers;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Digest;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.plan.PlannedPhase;
import dev.migrator.plan.PlannedStep;
import dev.migrator.status.Hold;
import java.util.ArrayList;
import java.util.List;

/** What a plan stands and falls with; sizes, times and names of instances are no part of it. */
final class PlanFacts {

  private static final int BYTES = 16;

  private PlanFacts() {}

  static List<String> of(PlannedMigration migration, Recorded recorded) {
    List<String> facts = new ArrayList<>();
    facts.add("migration " + migration.id());
    facts.add(
        "%s %s %s %s %s %s %s %s"
            .formatted(
                migration.declares(),
                migration.state(),
                recorded.phase(),
                recorded.begun(),
                recorded.paused(),
                recorded.undone(),
                recorded.contractApproved(),
                recorded.oldSide()));
    facts.add(String.valueOf(migration.problem()));
    migration.after().forEach(it -> facts.add("after " + it));
    holds(facts, migration.holds());
    for (PlannedPhase phase : migration.phases()) {
      facts.add("phase " + phase.phase());
      holds(facts, phase.holds());
      // Whether triggers rest changes by itself while a plan is looked at.
      phase.steps().stream()
          .filter(it -> !RestingTriggers.isStep(it.name()))
          .forEach(it -> step(facts, it));
    }
    return facts;
  }

  private static void holds(List<String> facts, List<Hold> holds) {
    holds.forEach(it -> facts.add("hold " + it.reason()));
  }

  private static void step(List<String> facts, PlannedStep step) {
    facts.add("step " + step.name());
    facts.add(step.locks().toString());
    facts.addAll(step.statements());
    step.undo().forEach(it -> step(facts, it));
  }

  /** Each with its length, so that no two lists read alike. */
  static String digest(List<String> facts) {
    StringBuilder text = new StringBuilder();
    facts.forEach(it -> text.append(it.length()).append(':').append(it).append('\n'));
    return Digest.of(text.toString(), BYTES);
  }
}
