package dev.migrator.internal.plan;

import dev.migrator.ColumnChange;
import dev.migrator.Phase;
import dev.migrator.SetNotNull;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import java.util.List;

/** Whether a declaration still fits what has been done under its id. */
public final class Drift {

  private Drift() {}

  /**
   * Compares a declaration with the journal. A shorter chain is an older release and welcome, as
   * long as what it needs is there.
   *
   * @param contractedBy a release to run instead, as the end of a clause; empty if none is known
   * @throws InvalidMigrationException if a phase that was begun is declared differently now
   * @throws NotReadyException if this release needs the old side, and it is gone
   */
  public static void check(Declaration declaration, Recorded recorded, String contractedBy) {
    List<String> declared = Definition.of(declaration.change());
    int common = Math.min(declared.size(), recorded.definition().size());
    for (int i = 0; i < common; i++) {
      if (!declared.get(i).equals(recorded.definition().get(i))) {
        throw new InvalidMigrationException(
            """
            %s: the phase %s was changed after it ran.
              It ran as:       %s
              It now declares: %s
            Take the change back, or make a new migration with a new id for what should be different."""
                .formatted(
                    declaration.where(),
                    Phase.values()[i],
                    orNothing(recorded.definition().get(i)),
                    orNothing(declared.get(i))));
      }
    }
    if (recorded.phase() == Phase.CONTRACT && declaration.change().declares() != Phase.CONTRACT) {
      boolean fills = declaration.change() instanceof SetNotNull;
      throw new NotReadyException(
          "%s: this release declares %s only, so it still needs %s, which was taken out of use at %s. Run a release that declares %s(…)%s%s."
              .formatted(
                  declaration.where(),
                  declaration.change().declares(),
                  fills ? "the filling of NULLs" : oldSide(declaration),
                  recorded.since(),
                  fills
                      ? "stopFilling"
                      : (declaration.change() instanceof ColumnChange) ? "dropColumn" : "dropIndex",
                  contractedBy,
                  recorded.wayBack()));
    }
  }

  private static String orNothing(String phase) {
    return phase.isEmpty() ? "nothing in this phase" : phase;
  }

  private static String oldSide(Declaration declaration) {
    return declaration.oldColumns().isEmpty()
        ? "the old side"
        : "%s of table %s".formatted(declaration.oldColumns(), declaration.table());
  }
}
