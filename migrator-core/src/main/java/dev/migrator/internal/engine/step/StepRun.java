package dev.migrator.internal.engine.step;

import dev.migrator.internal.sql.RangeSql;
import org.jspecify.annotations.Nullable;

/**
 * One run of a step.
 *
 * @param id the migration it belongs to
 * @param undoes of a step that undoes another one, the name of that
 * @param table the table that it works on; {@code null} if that is not known
 * @param copied what was copied before it in its phase, if anything: scans count on that
 * @param gate asked in the transaction of the step, right before it changes anything; throws {@link
 *     PreconditionChanged} if it must not run
 * @param finish records it, in the transaction that finishes it
 * @param meter takes its time; {@code null} before it begins
 */
public record StepRun(
    String id,
    @Nullable String undoes,
    @Nullable StepTable table,
    @Nullable RangeSql copied,
    Runnable gate,
    Runnable finish,
    @Nullable StepMeter meter) {

  public StepRun(
      String id,
      @Nullable String undoes,
      @Nullable StepTable table,
      @Nullable RangeSql copied,
      Runnable gate,
      Runnable finish) {
    this(id, undoes, table, copied, gate, finish, null);
  }

  /** Of a step that nothing is asked of. */
  public static StepRun of(String id, Runnable finish) {
    return new StepRun(id, null, null, null, () -> {}, finish);
  }

  boolean isUndo() {
    return undoes != null;
  }

  StepRun finishing(Runnable other) {
    return new StepRun(id, undoes, table, copied, gate, other, meter);
  }

  StepRun measured(StepMeter other, Runnable finishing) {
    return new StepRun(id, undoes, table, copied, gate, finishing, other);
  }

  /** That it has waited for its locks. */
  void waited(long nanos) {
    if (meter != null) {
      meter.waited(nanos);
    }
  }
}
