package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.backfill.BackfillTask;
import dev.migrator.internal.backfill.Verification;
import dev.migrator.internal.catalog.RowCodeReader;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.VerificationStep;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares both sides range by range. */
final class VerificationExecutor implements StepExecutor<VerificationStep> {

  private static final Logger logger = LoggerFactory.getLogger(VerificationExecutor.class);

  /** How often the rows are copied anew when differences are found. */
  private static final int PASSES = 3;

  private final ExecutionContext context;

  private final RowCopying copying;

  VerificationExecutor(ExecutionContext context, RowCopying copying) {
    this.context = context;
    this.copying = copying;
  }

  @Override
  public boolean run(StepRun run, VerificationStep step) {
    Verification verification = verification(run, step);
    if (verification.atOnce(run.id(), step.ranges(), () -> finish(run, step))) {
      return true;
    }
    context.database().inTransaction(() -> context.requireTriggers(step.ranges(), step.triggers()));
    return compare(run, step, verification, true);
  }

  private void finish(StepRun run, VerificationStep step) {
    // Without them, rows could have changed behind what was compared.
    context.requireTriggers(step.ranges(), step.triggers());
    context.requireNotHeld(run);
    run.finish().run();
  }

  private Verification verification(StepRun run, VerificationStep step) {
    return new Verification(
        context.rangeWork(run, step, () -> context.blockers().ofReading(step.ranges().table())));
  }

  /**
   * Compares both sides.
   *
   * @param whole whether of all rows, and not only of those that have come with a partition since
   */
  boolean compare(StepRun run, VerificationStep step, boolean whole) {
    return compare(run, step, verification(run, step), whole);
  }

  private boolean compare(
      StepRun run, VerificationStep step, Verification verification, boolean whole) {
    RangeSql ranges = step.ranges();
    if (step.repairs() && copying.isUnderWay(run) && !copying.run(run, step, ranges)) {
      return false;
    }
    boolean all = whole;
    int pass = 1;
    while (true) {
      OptionalLong differing =
          all ? verification.run(run.id(), ranges) : verification.rest(run.id(), ranges);
      if (differing.isEmpty()) {
        return false;
      }
      if (differing.getAsLong() > 0) {
        requireRepairable(step, differing.getAsLong(), pass++);
        logger.warn(
            "{}: {} rows of {} differ between the two sides; copying them again",
            run.id(),
            differing.getAsLong(),
            ranges.name());
        if (!copying.again(run, step, ranges)) {
          return false;
        }
        all = true;
      } else if (verified(run, step)) {
        return true;
      } else if (step.repairs() && !copying.run(run, step, ranges)) {
        return false;
      } else {
        all = false; // a partition was attached since, and is what is left
      }
    }
  }

  private void requireRepairable(VerificationStep step, long differing, int pass) {
    String table = step.ranges().name();
    if (!step.repairs()) {
      throw new VerificationFailed(
          ErrorCode.ROWS_DIFFER,
          "%d rows of %s differ between the two sides, which would be lost with the old one: a transform failed on them, or something wrote without the triggers; mend the rows%s"
              .formatted(differing, table, suspects(step)));
    }
    if (pass == PASSES) {
      throw new VerificationFailed(
          ErrorCode.ROWS_DIFFER,
          "%d rows of %s differ between the two sides after %d passes: a transform fails or loses something on them, or something writes without the triggers%s"
              .formatted(differing, table, PASSES, suspects(step)));
    }
  }

  /** Other triggers that can write one side by themselves. */
  private String suspects(VerificationStep step) {
    List<String> triggers =
        context
            .database()
            .inTransaction(
                () ->
                    new RowCodeReader(context.database())
                        .beforeTriggers(step.ranges().table(), ObjectNames.PREFIX));
    return triggers.isEmpty()
        ? ""
        : "; these triggers and rules of the table can be the cause: "
            + String.join(", ", triggers);
  }

  private boolean verified(StepRun run, VerificationStep step) {
    long table = step.ranges().table();
    return context
        .database()
        .inTransaction(
            () -> {
              context.lease().check();
              // Without them, rows could have changed behind the ranges that were compared already.
              context.requireTriggers(step.ranges(), step.triggers());
              if (!context
                  .progress()
                  .uncovered(run.id(), BackfillTask.Kind.VERIFY, table)
                  .isEmpty()) {
                return false;
              }
              run.finish().run();
              return true;
            });
  }
}
