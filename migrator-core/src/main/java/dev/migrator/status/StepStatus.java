package dev.migrator.status;

import dev.migrator.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a migration, as the journal records it.
 *
 * @param name what it does, unique within its migration
 * @param phase the phase it belongs to
 * @param state how far it came
 * @param attempts how often it was begun
 * @param instance the instance that ran it last; {@code null} before the first attempt
 * @param startedAt when it was last begun; {@code null} before the first attempt
 * @param duration how long it took; {@code null} while it runs
 * @param error what failed; {@code null} if nothing did
 * @param blockers the sessions that block it, as far as known: for a step that runs, at the last
 *     look; for one that failed, at its last attempt; empty for one that is done
 * @param statements the SQL that it executes, of what is done range by range the first; filled by
 *     {@link dev.migrator.Migrator#status(String)}
 * @param measure what was predicted of it, and what it took; {@code null} before it is done; filled
 *     by {@link dev.migrator.Migrator#status(String)}
 */
public record StepStatus(
    String name,
    Phase phase,
    State state,
    int attempts,
    @Nullable String instance,
    @Nullable Instant startedAt,
    @Nullable Duration duration,
    @Nullable String error,
    List<Blocker> blockers,
    List<String> statements,
    @Nullable StepMeasure measure) {

  /** Copies the lists. */
  public StepStatus {
    blockers = List.copyOf(blockers);
    statements = List.copyOf(statements);
  }

  /** One of which no more is known than how far it came. */
  public StepStatus(
      String name,
      Phase phase,
      State state,
      int attempts,
      @Nullable String instance,
      @Nullable Instant startedAt,
      @Nullable Duration duration,
      @Nullable String error,
      List<Blocker> blockers) {
    this(
        name, phase, state, attempts, instance, startedAt, duration, error, blockers, List.of(),
        null);
  }

  /** The same with its SQL, and what it took. */
  public StepStatus with(List<String> sql, @Nullable StepMeasure took) {
    return new StepStatus(
        name, phase, state, attempts, instance, startedAt, duration, error, blockers, sql, took);
  }

  /** How far a step came. */
  public enum State {

    /** Recorded for later. */
    PENDING,

    /** Begun, and neither done nor failed as far as the journal knows. */
    RUNNING,

    /** Done, and recorded together with its effect. */
    DONE,

    /** Failed; the table is as it was before. */
    FAILED,

    /** Being undone; whatever fails meanwhile, it stays so until it is undone. */
    UNDOING,

    /** Done once, and undone. */
    UNDONE
  }
}
