package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.journal.ApprovalStore;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedMigration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether what would run is what somebody has looked at. Asked when a start begins, before it
 * changes anything. What was approved once goes on after a restart, and on the other instances,
 * which find it half done: the journal keeps what it covers.
 */
final class Approval {

  private final @Nullable String approved;

  private final PlanReader plans;

  private final ApprovalStore store;

  Approval(@Nullable String approved, PlanReader plans, ApprovalStore store) {
    this.approved = approved;
    this.plans = plans;
    this.store = store;
  }

  /**
   * Asks, if the settings name a plan.
   *
   * @throws NotReadyException if something has changed since it was approved
   */
  void require() {
    if (approved == null) {
      return;
    }
    MigrationPlan plan = plans.read();
    List<PlannedMigration> left =
        plan.migrations().stream()
            .filter(it -> !it.phases().isEmpty() || it.problem() != null)
            .toList();
    if (left.isEmpty()) {
      return;
    }
    if (plan.fingerprint().equals(approved)) {
      store.add(approved, covered(left));
      return;
    }
    Map<String, Phase> begun = store.find(approved).orElse(Map.of());
    if (!left.stream().allMatch(it -> isCovered(it, begun))) {
      throw new NotReadyException(
          ErrorCode.PLAN_CHANGED,
          "the plan that migrator.plan.approved names (%s) is not what would run now: something has changed since, in the declarations, the journal, the tables or the releases that run. Nothing was changed. Look at the plan anew (migrator.mode=plan) and approve that, its fingerprint is %s: %s"
              .formatted(approved, plan.fingerprint(), plan.summary()));
    }
  }

  private static Map<String, Phase> covered(List<PlannedMigration> left) {
    Map<String, Phase> covered = new LinkedHashMap<>();
    left.forEach(it -> covered.put(it.id(), reaches(it)));
    return covered;
  }

  /** What is only to be dropped was covered when its contract was. */
  private static boolean isCovered(PlannedMigration migration, Map<String, Phase> begun) {
    Phase covered = begun.get(migration.id());
    return covered != null && covered.includes(reaches(migration));
  }

  private static Phase reaches(PlannedMigration migration) {
    Phase declared = migration.declares();
    return (declared == null) ? Phase.CONTRACT : declared;
  }
}
