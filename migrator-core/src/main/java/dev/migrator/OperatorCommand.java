package dev.migrator;

import dev.migrator.error.ErrorCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks for one migration, see {@link Migrator#execute}.
 *
 * <pre>{@code
 * migrator.execute("2026-11-22-users-full-name", OperatorCommand.PAUSE);
 * migrator.execute("2026-11-22-users-full-name", OperatorCommand.undo(Phase.BACKFILL));
 * }</pre>
 */
public final class OperatorCommand {

  /** Holds the migration: a step that runs ends, a backfill after the range at hand. */
  public static final OperatorCommand PAUSE = new OperatorCommand(Kind.PAUSE, null, null, null);

  /** Continues after {@link #PAUSE} or after an undo. */
  public static final OperatorCommand RESUME = new OperatorCommand(Kind.RESUME, null, null, null);

  /** Tries a failed step again, now. */
  public static final OperatorCommand RETRY = new OperatorCommand(Kind.RETRY, null, null, null);

  /** Approves CONTRACT: no running instance needs the old side any longer. */
  public static final OperatorCommand CONTRACT =
      new OperatorCommand(Kind.CONTRACT, null, null, null);

  /** Undoes the last phase that was begun. Prefer {@link #undo(Phase)}, which names it. */
  public static final OperatorCommand UNDO = new OperatorCommand(Kind.UNDO, null, null, null);

  private final Kind kind;

  private final @Nullable Phase phase;

  private final @Nullable Integer percent;

  private final @Nullable String operator;

  private OperatorCommand(
      Kind kind, @Nullable Phase phase, @Nullable Integer percent, @Nullable String operator) {
    this.kind = kind;
    this.phase = phase;
    this.percent = percent;
    this.operator = operator;
  }

  /**
   * Undoes one phase. Given twice, also by two operators, it undoes that phase and no other. {@code
   * undo(Phase.CONTRACT)} also takes {@link #CONTRACT} back while the contract has not begun.
   *
   * @param phase the phase to undo; the command is refused unless it is the last one begun
   * @return the command
   */
  public static OperatorCommand undo(Phase phase) {
    return new OperatorCommand(Kind.UNDO, Objects.requireNonNull(phase, "phase"), null, null);
  }

  /**
   * Sets how fast rows are copied and verified. Takes effect at the end of the range at hand.
   *
   * @param percent the share of the time in which each worker of each instance works, 1 to 100; 100
   *     at the beginning
   * @return the command
   * @throws IllegalArgumentException if the value is outside of its range
   */
  public static OperatorCommand speed(int percent) {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException(
          "%s: the speed is %d, but must be between 1 and 100 percent"
              .formatted(ErrorCode.COMMAND_INVALID, percent));
    }
    return new OperatorCommand(Kind.SPEED, null, percent, null);
  }

  /**
   * The same command with the name of who gives it, for the event log.
   *
   * <pre>{@code
   * migrator.execute("2026-11-22-users-full-name", OperatorCommand.PAUSE.by("alice"));
   * }</pre>
   *
   * @param name the name of a person or program; {@code null} if it is not known
   * @return the command
   */
  public OperatorCommand by(@Nullable String name) {
    return new OperatorCommand(kind, phase, percent, name);
  }

  /**
   * Returns who gives the command.
   *
   * @return {@code null} if that is not known
   */
  public @Nullable String operator() {
    return operator;
  }

  /**
   * Returns what kind of command this is.
   *
   * @return the kind; later versions may know more
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns the name of the kind, for messages.
   *
   * @return such as {@code UNDO}
   */
  public String name() {
    return kind.name();
  }

  /**
   * Returns the phase to undo.
   *
   * @return {@code null} if the command names none
   */
  public @Nullable Phase phase() {
    return phase;
  }

  /**
   * Returns the speed.
   *
   * @return in percent; {@code null} if the command sets none
   */
  public @Nullable Integer percent() {
    return percent;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OperatorCommand that
        && kind == that.kind
        && phase == that.phase
        && Objects.equals(percent, that.percent)
        && Objects.equals(operator, that.operator);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, phase, percent, operator);
  }

  /** The kind with its parameters, such as {@code UNDO BACKFILL}. */
  @Override
  public String toString() {
    return name() + (phase == null ? "" : " " + phase) + (percent == null ? "" : " " + percent);
  }

  /** The kinds of commands. */
  public enum Kind {

    /** See {@link OperatorCommand#PAUSE}. */
    PAUSE,

    /** See {@link OperatorCommand#RESUME}. */
    RESUME,

    /** See {@link OperatorCommand#RETRY}. */
    RETRY,

    /** See {@link OperatorCommand#CONTRACT}. */
    CONTRACT,

    /** See {@link OperatorCommand#UNDO} and {@link OperatorCommand#undo(Phase)}. */
    UNDO,

    /** See {@link OperatorCommand#speed(int)}. */
    SPEED
  }
}
