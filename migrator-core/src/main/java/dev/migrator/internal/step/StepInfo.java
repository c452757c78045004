package dev.migrator.internal.step;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.SideFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every step has.
 *
 * @param name what it does, unique within its migration
 * @param phase the phase it belongs to
 * @param gate what must hold when it changes anything
 * @param effect what is recorded with it
 * @param repeated whether it is done again when its phase goes on after an interruption, because
 *     its result is good for the moment only
 * @param undo the steps that undo it, in their order; empty if there is nothing to undo
 * @param withoutUndo why it cannot be undone, though it changes something; {@code null} if it can
 * @param reshapes whether the rows of a table may have other columns afterwards, so that statements
 *     which are prepared already can fail
 * @param madeFrom what the catalog said of the columns that its statements were made from; {@code
 *     null} if nothing needs to know
 */
public record StepInfo(
    String name,
    Phase phase,
    Gate gate,
    Effect effect,
    boolean repeated,
    List<Step> undo,
    @Nullable String withoutUndo,
    boolean reshapes,
    @Nullable SideFacts madeFrom) {

  /** How the names of the steps begin that undo others. */
  private static final String UNDO = "undo-";

  public StepInfo {
    undo = List.copyOf(undo);
  }

  public static StepInfo of(String name, Phase phase) {
    return new StepInfo(name, phase, Gate.NONE, Effect.NONE, false, List.of(), null, false, null);
  }

  /** Of a step that undoes another one. */
  public static StepInfo undoing(String name, Phase phase) {
    return of(UNDO + name, phase);
  }

  public StepInfo named(String other) {
    return new StepInfo(
        other, phase, gate, effect, repeated, undo, withoutUndo, reshapes, madeFrom);
  }

  public StepInfo gate(Gate other) {
    return new StepInfo(
        name, phase, other, effect, repeated, undo, withoutUndo, reshapes, madeFrom);
  }

  public StepInfo effect(Effect other) {
    return new StepInfo(name, phase, gate, other, repeated, undo, withoutUndo, reshapes, madeFrom);
  }

  /** The same, done again after every interruption. */
  public StepInfo repeating() {
    return new StepInfo(name, phase, gate, effect, true, undo, withoutUndo, reshapes, madeFrom);
  }

  /** The same, which nothing can undo. */
  public StepInfo withoutUndo(String reason) {
    return new StepInfo(name, phase, gate, effect, repeated, List.of(), reason, reshapes, madeFrom);
  }

  public StepInfo undo(List<? extends Step> steps) {
    return new StepInfo(
        name, phase, gate, effect, repeated, List.copyOf(steps), withoutUndo, reshapes, madeFrom);
  }

  /** The same, of a step that gives the rows of a table other columns. */
  public StepInfo reshaping() {
    return new StepInfo(name, phase, gate, effect, repeated, undo, withoutUndo, true, madeFrom);
  }

  /** The same, of a step whose statements were made from that. */
  public StepInfo madeFrom(@Nullable SideFacts facts) {
    return new StepInfo(name, phase, gate, effect, repeated, undo, withoutUndo, reshapes, facts);
  }
}
