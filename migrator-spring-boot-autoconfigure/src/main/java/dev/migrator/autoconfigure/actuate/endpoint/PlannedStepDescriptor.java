package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.autoconfigure.actuate.endpoint.PlannedPhaseDescriptor.LockDescriptor;
import dev.migrator.plan.Estimate;
import dev.migrator.plan.PlannedStep;
import dev.migrator.plan.TableVolume;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step that is still to run. Its SQL is the library's own and that of the declaration: no value
 * from a table is in it.
 *
 * @param name what it does
 * @param sql what it executes
 * @param perRange whether that is repeated for range after range, of which the first is shown
 * @param locks the locks it takes on tables
 * @param otherLocks whether it takes further ones, which are known only when it runs
 * @param work what it does while it has them
 * @param table the table that it works on, if one is known
 * @param rows how many rows that has by its statistics, if it was ever analysed
 * @param bytes how much they have on disk
 * @param estimate how long it takes, if somebody can say
 * @param basis what the estimate comes from
 * @param explanation how it came about
 * @param afterRetention whether it waits for the end of the retention time
 * @param undo the SQL that undoes it
 * @param withoutUndo why it cannot be undone; left out if it can
 */
public record PlannedStepDescriptor(
    String name,
    List<String> sql,
    boolean perRange,
    List<LockDescriptor> locks,
    boolean otherLocks,
    Work work,
    @Nullable String table,
    @Nullable Long rows,
    @Nullable Long bytes,
    @Nullable String estimate,
    Estimate.@Nullable Basis basis,
    @Nullable String explanation,
    boolean afterRetention,
    List<String> undo,
    @Nullable String withoutUndo) {

  static PlannedStepDescriptor of(PlannedStep step) {
    TableVolume volume = step.volume();
    Estimate estimate = step.estimate();
    return new PlannedStepDescriptor(
        step.name(),
        step.statements(),
        step.perRange(),
        step.locks().stream().map(it -> new LockDescriptor(it.table(), it.mode())).toList(),
        step.otherLocks(),
        step.work(),
        (volume == null) ? null : volume.table(),
        (volume == null) ? null : volume.rows(),
        (volume == null) ? null : volume.bytes(),
        (estimate == null) ? null : estimate.duration().toString(),
        (estimate == null) ? null : estimate.basis(),
        (estimate == null) ? null : estimate.explanation(),
        step.afterRetention(),
        step.undo().stream().flatMap(it -> it.statements().stream()).toList(),
        step.withoutUndo());
  }
}
