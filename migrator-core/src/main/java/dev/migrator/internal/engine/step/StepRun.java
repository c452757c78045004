package dev.migrator.internal.engine.step;

import dev.migrator.internal.sql.RangeSql;
import org.jspecify.annotations.Nullable;

/**
 * One run of a step.
 *
 * @param id the migration it belongs to
 * @param undoes of a step that undoes another one, the name of that
 * @param copied what was copied before it in its phase, if anything: scans count on that
 * @param gate asked in the transaction of the step, right before it changes anything; throws {@link
 *     PreconditionChanged} if it must not run
 * @param finish records it, in the transaction that finishes it
 */
public record StepRun(
    String id, @Nullable String undoes, @Nullable RangeSql copied, Runnable gate, Runnable finish) {

  /** Of a step that nothing is asked of. */
  public static StepRun of(String id, Runnable finish) {
    return new StepRun(id, null, null, () -> {}, finish);
  }

  boolean isUndo() {
    return undoes != null;
  }

  StepRun finishing(Runnable other) {
    return new StepRun(id, undoes, copied, gate, other);
  }
}
