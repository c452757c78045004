package dev.migrator.status;

import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one migration stands.
 *
 * @param id its id
 * @param bean the name of the bean, or of whatever else declares it; {@code null} if this release
 *     does not declare it
 * @param table the table it changes
 * @param phase the phase it has reached; {@code null} before the first
 * @param declares how far this release's code is ready; {@code null} if it does not declare it
 * @param state what happens at present
 * @param since when the phase was reached; {@code null} before the first
 * @param steps the steps begun so far, in their order
 * @param holds why the next step does not run now; empty if nothing holds it
 * @param backfill the progress of the backfill; {@code null} before the backfill began
 * @param warnings what a person should know before CONTRACT: sessions that belong to no registered
 *     instance, and statements that name an old column, where the server reports them; filled by
 *     {@link dev.migrator.Migrator#status(String)} while CONTRACT is held
 * @param events what happened to it, the newest first; filled by {@link
 *     dev.migrator.Migrator#status(String)}
 */
public record MigrationStatus(
    String id,
    @Nullable String bean,
    String table,
    @Nullable Phase phase,
    @Nullable Phase declares,
    State state,
    @Nullable Instant since,
    List<StepStatus> steps,
    List<Hold> holds,
    @Nullable BackfillStatus backfill,
    List<String> warnings,
    List<MigrationEvent> events) {

  /** Copies the lists. */
  public MigrationStatus {
    steps = List.copyOf(steps);
    holds = List.copyOf(holds);
    warnings = List.copyOf(warnings);
    events = List.copyOf(events);
  }

  /** The same with those steps. */
  public MigrationStatus withSteps(List<StepStatus> value) {
    return new MigrationStatus(
        id, bean, table, phase, declares, state, since, value, holds, backfill, warnings, events);
  }

  /** The same with those warnings. */
  public MigrationStatus withWarnings(List<String> value) {
    return new MigrationStatus(
        id, bean, table, phase, declares, state, since, steps, holds, backfill, value, events);
  }

  /** The same with those events. */
  public MigrationStatus withEvents(List<MigrationEvent> value) {
    return new MigrationStatus(
        id, bean, table, phase, declares, state, since, steps, holds, backfill, warnings, value);
  }

  /** What happens with a migration at present. */
  public enum State {

    /** Something is due, and no instance works on it at this moment. */
    PENDING,

    /** A step runs. */
    RUNNING,

    /** The next step is held; {@link MigrationStatus#holds()} says why. */
    HELD,

    /** A step failed and waits for {@link OperatorCommand#RETRY} or the next start. */
    FAILED,

    /** Everything that this release declares is reached. */
    REACHED,

    /** Everything is done, and nothing that the library created is left. */
    COMPLETED
  }
}
