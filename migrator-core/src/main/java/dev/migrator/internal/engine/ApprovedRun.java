package dev.migrator.internal.engine;

import dev.migrator.internal.fleet.Membership;
import dev.migrator.internal.fleet.ReadSwitches;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedMigration;
import java.util.List;
import java.util.Optional;

/** The plan, whether it is the approved one, and the job that carries it out. */
final class ApprovedRun {

  private final PlanReader plans;

  private final Approval approval;

  private final OneRun job;

  ApprovedRun(PlanReader plans, Approval approval, OneRun job) {
    this.plans = plans;
    this.approval = approval;
    this.job = job;
  }

  MigrationPlan read() {
    return plans.read();
  }

  Optional<PlannedMigration> read(String id) {
    return plans.read(id);
  }

  /**
   * To be called before anything is changed.
   *
   * @throws dev.migrator.error.NotReadyException if another plan was approved
   */
  void requireApproval() {
    approval.require();
  }

  /** Runs what the gates allow, as an instance whose code uses no table, and says what is left. */
  MigrationPlan migrate(Membership membership, ReadSwitches switches) {
    approval.require();
    membership.join();
    try {
      membership.mapped(List.of());
      job.run(switches::startAnew);
      return plans.read();
    } finally {
      membership.leave();
    }
  }
}
