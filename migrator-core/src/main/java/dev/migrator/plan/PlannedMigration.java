package dev.migrator.plan;

import dev.migrator.Phase;
import dev.migrator.status.Hold;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is left of one migration.
 *
 * @param id its id
 * @param bean the name of the bean, or of whatever else declares it; {@code null} if only the
 *     journal knows it
 * @param table the tables it changes, for people; empty if none is known
 * @param reached the phase it has reached; {@code null} before the first
 * @param declares how far this release's code is ready; {@code null} if only the journal knows it
 * @param state what would happen with it now
 * @param after the migrations that have to run before it, if it {@linkplain State#FOLLOWS follows}
 * @param holds what holds it now, and what would release it; empty if nothing does
 * @param problem why it cannot be planned; {@code null} if it can
 * @param phases what is left, in its order
 */
public record PlannedMigration(
    String id,
    @Nullable String bean,
    String table,
    @Nullable Phase reached,
    @Nullable Phase declares,
    State state,
    List<String> after,
    List<Hold> holds,
    @Nullable String problem,
    List<PlannedPhase> phases) {

  /** Copies the lists. */
  public PlannedMigration {
    after = List.copyOf(after);
    holds = List.copyOf(holds);
    phases = List.copyOf(phases);
  }

  /** What would happen with a migration now. */
  public enum State {

    /** Everything that this release declares is reached. */
    REACHED,

    /** It runs, as far as the gates of its phases are open. */
    RUNS,

    /** It runs when another one has run that comes before it and that is not held. */
    FOLLOWS,

    /** Nothing of it runs; {@link PlannedMigration#holds()} says why. */
    HELD,

    /** An operator's undo is under way. */
    UNDOING,

    /** A step failed, or the migration cannot be carried out as it is declared. */
    FAILED
  }

  /**
   * Returns whatever holds it, now or in a later phase.
   *
   * @return also what only keeps retired data for a while
   */
  public Stream<Hold> allHolds() {
    return Stream.concat(holds.stream(), phases.stream().flatMap(it -> it.holds().stream()))
        .distinct();
  }
}
