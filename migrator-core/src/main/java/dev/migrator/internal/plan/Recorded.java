package dev.migrator.internal.plan;

import dev.migrator.Phase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of one change, without its steps.
 *
 * @param id its id
 * @param table its table, quoted
 * @param phase the phase it has reached; {@code null} before the first
 * @param definition what was declared of each phase that was begun, in the order of the phases
 * @param since when the phase was reached
 * @param contractApproved whether an operator said that the old side may go
 * @param paused whether an operator holds it
 * @param undoing the operator's wish to take the reached phase back, not fulfilled yet
 * @param undone whether a phase was taken back and the change rests there
 * @param failure why the last step failed; {@code null} if it did not
 * @param dropDue when the retired columns are to be dropped; {@code null} before CONTRACT and after
 *     the drop
 * @param completed whether nothing is left to do
 * @param oldSide whether everybody has to write the old side
 */
public record Recorded(
    String id,
    String table,
    @Nullable Phase phase,
    List<String> definition,
    @Nullable Instant since,
    boolean contractApproved,
    boolean paused,
    boolean undoing,
    boolean undone,
    @Nullable String failure,
    @Nullable Instant dropDue,
    boolean completed,
    OldSide oldSide) {

  public Recorded {
    definition = List.copyOf(definition);
  }

  /** The last phase that was begun, reached or not; {@code null} before the first. */
  public @Nullable Phase begun() {
    return definition.isEmpty() ? null : Phase.values()[definition.size() - 1];
  }

  /**
   * That a contract can be taken back, as the end of a sentence; empty if it is too late for it.
   */
  public String wayBack() {
    return (dropDue == null || completed)
        ? ""
        : ", or take the contract back by UNDO before " + dropDue;
  }

  /** The phase that comes next; {@code null} behind the last. */
  public @Nullable Phase next() {
    if (phase == null) {
      return Phase.EXPAND;
    }
    return (phase == Phase.CONTRACT) ? null : Phase.values()[phase.ordinal() + 1];
  }

  /**
   * Whether it stands in the way of a later change of its columns: a phase was begun and not
   * reached, or something keeps values in step or filled until the contract.
   */
  boolean inTheWay() {
    int reached = (phase == null) ? 0 : phase.ordinal() + 1;
    boolean kept =
        definition.size() > Phase.DUAL_WRITE.ordinal()
            && !definition.get(Phase.DUAL_WRITE.ordinal()).isEmpty();
    return definition.size() > reached || (kept && phase != Phase.CONTRACT);
  }
}
