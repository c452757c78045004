package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.status.Hold;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done with one change now. */
public sealed interface Decision {

  /**
   * The steps of a phase are due.
   *
   * @param phase the phase to be reached
   */
  record Advance(Phase phase) implements Decision {}

  /** A release is to be let in that writes the new side only. */
  record ReleaseOld() implements Decision {}

  /** The retired columns are to be dropped. */
  record DropRetired() implements Decision {}

  /**
   * The last phase that was begun is to be undone.
   *
   * @param phase the phase
   */
  record Undo(Phase phase) implements Decision {}

  /**
   * Nothing runs.
   *
   * @param holds why
   * @param until when to look again, if time alone releases it
   */
  record Wait(List<Hold> holds, @Nullable Instant until) implements Decision {

    public Wait {
      holds = List.copyOf(holds);
    }
  }

  /** Everything that this release declares is reached. */
  record Reached() implements Decision {}
}
