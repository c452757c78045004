package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a phase may be undone: the new side stays while a live instance can read it, and its
 * columns while one writes them by itself.
 */
public final class UndoGate {

  private UndoGate() {}

  /**
   * Decides.
   *
   * @param phase the phase to be undone
   * @return who stands in the way; {@code null} if nobody does
   */
  public static @Nullable Refusal refusal(String migration, Phase phase, Fleet fleet) {
    if (!Phase.BACKFILL.includes(phase)) {
      return null; // Both sides are still kept in step.
    }
    List<String> readers =
        running(migration, fleet)
            .filter(it -> it.mayReadNew(migration))
            .map(ContractGate::describe)
            .toList();
    // Up to BACKFILL the triggers copy what is written to either side.
    List<String> writers =
        running(migration, fleet)
            .filter(
                it ->
                    (phase == Phase.EXPAND && it.writesNew(migration))
                        || (phase != Phase.BACKFILL && it.needsTriggers(migration)))
            .map(ContractGate::describe)
            .toList();
    if (readers.isEmpty() && !writers.isEmpty()) {
      return new Refusal(
          ErrorCode.NEW_SIDE_IN_USE,
          "the new columns may be written by %s; roll back to a release that does not first"
              .formatted(String.join("; ", writers)));
    }
    return readers.isEmpty()
        ? null
        : new Refusal(
            ErrorCode.NEW_SIDE_IN_USE,
            "the new side is read by %s; roll back to a release that does not first, or, where it switches at runtime, wait a moment"
                .formatted(readers.stream().collect(Collectors.joining("; "))));
  }

  /** A start that still waits would wait for an undo that waits for it. */
  private static Stream<Member> running(String migration, Fleet fleet) {
    return fleet.live().filter(it -> !it.waits(migration));
  }
}
