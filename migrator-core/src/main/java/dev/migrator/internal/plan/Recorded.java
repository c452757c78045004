package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.internal.operation.ContainedDefinition;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Sides;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of one migration, without its steps.
 *
 * @param id its id
 * @param table its first table, quoted
 * @param phase the phase it has reached; {@code null} before the first
 * @param begun the last phase that was begun, reached or not; {@code null} before the first
 * @param operations what was declared of the phases that were begun
 * @param since when the phase was reached
 * @param contractApproved whether an operator approved the contract
 * @param paused whether an operator holds it
 * @param undoing whether an operator's undo of the last phase is not done yet
 * @param undone whether a phase was undone and the migration rests there
 * @param failure why the last step failed; {@code null} if it did not
 * @param dropDue when what was retired is to be dropped; {@code null} before CONTRACT and after the
 *     drop
 * @param completed whether nothing is left to do
 * @param oldSide whether everybody has to write the old side
 */
public record Recorded(
    String id,
    String table,
    @Nullable Phase phase,
    @Nullable Phase begun,
    List<OperationFacts> operations,
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
    operations = List.copyOf(operations);
  }

  /** A migration that the journal knows nothing of. */
  public static Recorded nothing(String id) {
    return new Recorded(
        id,
        "",
        null,
        null,
        List.of(),
        null,
        false,
        false,
        false,
        false,
        null,
        null,
        false,
        OldSide.KEPT);
  }

  /** The same of other operations. */
  public Recorded declaring(List<OperationFacts> others) {
    return new Recorded(
        id,
        table,
        phase,
        begun,
        others,
        since,
        contractApproved,
        paused,
        undoing,
        undone,
        failure,
        dropDue,
        completed,
        oldSide);
  }

  /** Whether it has not run, because a baseline has all it makes. */
  public boolean isContained() {
    return ContainedDefinition.of(operations).isPresent();
  }

  /** That a contract can be undone, as the end of a sentence; empty if it is too late for it. */
  public String wayBack() {
    return (dropDue == null || completed) ? "" : ", or undo the contract by UNDO before " + dropDue;
  }

  /**
   * The same as if it were at a phase, nobody had stopped it, and nothing had failed.
   *
   * @param reached that phase; {@code null} before the first
   */
  public Recorded at(@Nullable Phase reached) {
    return new Recorded(
        id,
        table,
        reached,
        reached,
        operations,
        since,
        contractApproved,
        false,
        false,
        false,
        null,
        null,
        false,
        oldSide);
  }

  /** The phase before one; {@code null} before the first. */
  public static @Nullable Phase before(Phase phase) {
    return (phase == Phase.EXPAND) ? null : Phase.values()[phase.ordinal() - 1];
  }

  /** The phase that comes next; {@code null} behind the last. */
  public @Nullable Phase next() {
    if (phase == null) {
      return Phase.EXPAND;
    }
    return (phase == Phase.CONTRACT) ? null : Phase.values()[phase.ordinal() + 1];
  }

  /** Whether the releases themselves keep both sides in step. */
  public boolean byApplication() {
    if (hasBegun(Phase.DUAL_WRITE)) {
      for (OperationFacts operation : operations) {
        if (operation.sides() != null && operation.sides().byApplication()) {
          return true;
        }
      }
    }
    return false;
  }

  /** The table, as messages say it behind the migration; empty if none is known. */
  public String ofTable() {
    return table.isEmpty() ? "" : " of table " + table;
  }

  /** The columns that are kept in step, as messages say it. */
  public String keptInStep() {
    return operations.stream()
        .map(OperationFacts::sides)
        .filter(Objects::nonNull)
        .map(it -> "%s and %s".formatted(it.oldColumns(), it.newColumns()))
        .collect(Collectors.joining(", "));
  }

  /** Whether columns are retired, and not only something that can be made again. */
  public boolean retiresColumns() {
    return sides().anyMatch(it -> !it.oldColumns().isEmpty());
  }

  /**
   * Whether both sides of it are kept in step, and nobody holds it. What an operator holds is left
   * alone; it is looked at again when it goes on.
   */
  public boolean isKeptInStep() {
    return phase != null
        && phase.includes(Phase.DUAL_WRITE)
        && phase != Phase.CONTRACT
        && failure == null
        && !paused
        && !undoing
        && !undone
        && retiresColumns();
  }

  /** Whether the contract retires a column, as far as it was declared. */
  public boolean retires(String otherTable, String column) {
    return sides().anyMatch(it -> it.retires(otherTable, column));
  }

  /**
   * Whether it is known to this release by nothing, and there is something of it to be finished.
   */
  public boolean isLeftBehind() {
    boolean ran = phase == begun && FileDefinition.of(operations).isPresent();
    return begun != null && !completed && phase != Phase.CONTRACT && !ran;
  }

  /** Whether a table is retired. */
  public boolean retiresTable() {
    return sides().anyMatch(Sides::wholeTable);
  }

  /**
   * Whether it can be different a moment later though nobody takes it forward: something of it is
   * to be done, or an operator's command holds it.
   */
  public boolean isOpen() {
    return phase == null
        || phase != begun
        || paused
        || undoing
        || undone
        || failure != null
        || isUnsettled();
  }

  private Stream<Sides> sides() {
    return operations.stream().map(OperationFacts::sides).filter(Objects::nonNull);
  }

  /** What code that relies on it cannot do without, if the contract was begun; empty if nothing. */
  public String lost() {
    return !hasBegun(Phase.CONTRACT)
        ? ""
        : operations.stream()
            .map(OperationFacts::loss)
            .filter(it -> it != null && it.breaks())
            .map(it -> it.verb() + ": " + it.what())
            .collect(Collectors.joining(", "));
  }

  private boolean hasBegun(Phase other) {
    return begun != null && begun.includes(other);
  }

  /** Whether a phase of it was begun, reached or undone between this and a later look. */
  public boolean hasMoved(Recorded now) {
    return phase != now.phase
        || begun != now.begun
        || undoing != now.undoing
        || undone != now.undone
        || !Objects.equals(since, now.since);
  }

  /**
   * Whether it holds later changes of its columns: a phase was begun and not reached, or something
   * keeps values in step or filled until the contract.
   */
  public boolean isUnsettled() {
    if (begun == null) {
      return false;
    }
    return phase == null
        || !phase.includes(begun)
        || (phase != Phase.CONTRACT && operations.stream().anyMatch(OperationFacts::keepsInStep));
  }
}
