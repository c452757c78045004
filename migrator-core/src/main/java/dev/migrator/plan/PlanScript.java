package dev.migrator.plan;

import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.util.List;

/**
 * A plan as a SQL script. What is held, or waits for the end of a retention time, is there as
 * comment only, so that running the script breaks no release that runs.
 */
final class PlanScript {

  private static final String HEAD =
      """
      Run it by: psql -X -v ON_ERROR_STOP=1 -f <this file>
      It is for reading, and for trying a change on a copy. The engine does more: it records each step
      together with its effect, tries again within the lock budget, asks the gates in the transaction
      that changes something, copies and compares rows beside the running application, and resumes.
      The journal knows nothing of what a script has done: on a database that the engine is to go on
      with, let the engine run.""";

  private final StringBuilder script = new StringBuilder();

  private PlanScript() {}

  static String of(MigrationPlan plan) {
    PlanScript script = new PlanScript();
    script.comment("Plan of %s, fingerprint %s".formatted(plan.at(), plan.fingerprint()));
    script.comment(plan.summary());
    script.comment(HEAD);
    plan.migrations().forEach(script::migration);
    return script.script.toString();
  }

  private void migration(PlannedMigration migration) {
    if (migration.phases().isEmpty() && migration.problem() == null) {
      return;
    }
    script.append('\n');
    comment(
        "==== %s%s"
            .formatted(
                migration.id(), migration.table().isEmpty() ? "" : " on " + migration.table()));
    if (migration.problem() != null) {
      comment("Not planned: " + migration.problem());
    }
    held(migration.holds());
    boolean held = !migration.holds().isEmpty();
    for (PlannedPhase phase : migration.phases()) {
      script.append('\n');
      comment("---- " + phase.phase() + (phase.steps().isEmpty() ? ": no step" : ""));
      held(phase.holds());
      // What comes behind a phase that is held waits as well.
      held |= !phase.holds().isEmpty();
      for (PlannedStep step : phase.steps()) {
        step(step, held || step.afterRetention());
      }
    }
  }

  private void held(List<Hold> holds) {
    for (Hold hold : holds) {
      comment(
          "HELD by %s: %s. Released by: %s"
              .formatted(hold.reason().code(), hold.message(), hold.remedy()));
    }
  }

  private void step(PlannedStep step, boolean commented) {
    script.append('\n');
    comment("%s: %s; lock: %s".formatted(step.name(), step.work().text(), PlanText.locks(step)));
    if (step.volume() != null && step.estimate() != null) {
      comment("%s, %s; %s".formatted(step.volume().table(), step.volume(), step.estimate()));
    }
    if (step.afterRetention()) {
      comment(
          "Only when what was retired has been kept long enough (%s)"
              .formatted(Reason.RETENTION.code()));
    }
    if (step.statements().isEmpty()) {
      comment("The engine looks and waits here; there is nothing to execute.");
    } else if (step.perRange()) {
      comment(
          "The engine does this for range after range, with pauses, by several workers; the first:");
      step.statements().forEach(this::comment);
    } else {
      StringBuilder sql = new StringBuilder();
      sql(sql, step);
      if (commented) {
        comment(sql.toString());
      } else {
        script.append(sql);
      }
    }
    undo(step);
  }

  private static void sql(StringBuilder sql, PlannedStep step) {
    boolean locks = step.locks().stream().anyMatch(it -> it.mode().compareTo(LockMode.SHARE) >= 0);
    boolean transaction = step.transactional() && (locks || step.statements().size() > 1);
    if (transaction) {
      sql.append("BEGIN;\nSET LOCAL lock_timeout = '1s';\n");
      for (PlannedLock lock : locks ? step.locks() : List.<PlannedLock>of()) {
        sql.append("LOCK TABLE %s IN %s MODE;\n".formatted(lock.table(), lock.mode().sql()));
      }
    }
    if (step.onlyReads()) {
      sql.append("-- The engine goes on only if this finds nothing.\n");
    }
    for (String statement : step.statements()) {
      String stripped = statement.strip();
      sql.append(stripped).append(stripped.endsWith(";") ? "\n" : ";\n");
    }
    if (transaction) {
      sql.append("COMMIT;\n");
    }
  }

  private void undo(PlannedStep step) {
    if (step.withoutUndo() != null) {
      comment("Undo: none, " + step.withoutUndo());
    }
    for (PlannedStep undo : step.undo()) {
      undo.statements().forEach(it -> comment("Undo: " + it.strip()));
    }
  }

  private void comment(String text) {
    text.strip().lines().forEach(it -> script.append(("-- " + it).stripTrailing()).append('\n'));
  }
}
