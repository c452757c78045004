package dev.migrator.status;

import dev.migrator.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of the event log: who did what, when, with what result.
 *
 * @param at when, on the database's clock
 * @param instance the instance that did it, or that was given the command
 * @param release the code that instance runs
 * @param kind what happened
 * @param phase the phase it happened in; {@code null} if it belongs to none
 * @param step the step; {@code null} if it was none
 * @param duration how long it took; {@code null} if it took no time
 * @param detail what more there is to say, such as the error or the command
 * @param blockers who was in the way at the last look
 */
public record MigrationEvent(
    Instant at,
    String instance,
    String release,
    Kind kind,
    @Nullable Phase phase,
    @Nullable String step,
    @Nullable Duration duration,
    @Nullable String detail,
    List<Blocker> blockers) {

  /** Copies the list. */
  public MigrationEvent {
    blockers = List.copyOf(blockers);
  }

  /** What can happen. */
  public enum Kind {

    /** A phase began. */
    PHASE_BEGUN,

    /** A phase was reached. */
    PHASE_REACHED,

    /** A phase was undone. */
    PHASE_UNDONE,

    /** A step was done. */
    STEP_DONE,

    /** A step failed. */
    STEP_FAILED,

    /** A step was undone. */
    STEP_UNDONE,

    /** A SQL file changed the catalog; the detail says how. */
    EFFECT,

    /** An operator gave a command. */
    COMMAND,

    /** Nothing is left to do. */
    COMPLETED
  }
}
