package dev.migrator.status;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one change stands.
 *
 * @param id its id
 * @param bean the name of the bean that declares it; {@code null} if this release does not declare
 *     it
 * @param table the table it changes
 * @param phase the phase it has reached; {@code null} before the first
 * @param declares how far this release's code is ready; {@code null} if it does not declare it
 * @param state what goes on at present
 * @param since when the phase was reached; {@code null} before the first
 * @param steps what was begun so far, in the order of the work
 * @param holds why the next step does not run now; empty if nothing holds it
 * @param backfill how far the rows are; {@code null} before the backfill began
 * @param warnings what a person should know before the old side goes: sessions that belong to no
 *     registered instance, and statements that name an old column, where the server tells; filled
 *     by {@link Migrator#status(String)} while the contract is held
 * @param events what happened to it, the newest first; filled by {@link Migrator#status(String)}
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

  /** What goes on with a change. */
  public enum State {

    /** Something is due, and nobody works on it at this moment. */
    PENDING,

    /** A step is being carried out. */
    RUNNING,

    /** The next step is held; {@link MigrationStatus#holds()} says why. */
    HELD,

    /** A step failed and waits for {@link OperatorCommand#RETRY} or the next start. */
    FAILED,

    /** Everything that this release declares is reached. */
    REACHED,

    /** Everything is done, and nothing that the engine made is left. */
    COMPLETED
  }
}
