package dev.migrator.run;

import dev.migrator.NotReadyException;
import dev.migrator.Phase;
import dev.migrator.journal.Journal.Snapshot;
import dev.migrator.plan.Declaration;
import dev.migrator.plan.Definition;
import dev.migrator.plan.Drift;
import dev.migrator.plan.Recorded;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the database still has what the code of this release needs. */
final class ReleaseCheck {

  private final Declarations declarations;

  ReleaseCheck(Declarations declarations) {
    this.declarations = declarations;
  }

  /**
   * Looks at everything that was taken away, and at everything that ran under an id declared here.
   *
   * @param snapshot read after this instance was registered
   * @throws NotReadyException if something is gone that this release needs
   * @throws dev.migrator.InvalidMigrationException if a declaration does not fit what ran
   */
  void check(Snapshot snapshot) {
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = snapshot.get(declaration.id());
      if (recorded != null) {
        Drift.check(declaration, recorded, contractedBy(declaration.id(), snapshot));
      }
    }
    for (Recorded recorded : snapshot.records().values()) {
      String id = recorded.id();
      boolean known = declarations.contains(id) || declarations.isCompleted(id);
      if (!known && recorded.phase() == Phase.CONTRACT && Definition.takesFromCode(recorded)) {
        throw new NotReadyException(
            "migration \"%s\" of table %s is contracted since %s (%s), and this release says nothing of it, so it counts as one that still needs what is gone. Run a release that declares it%s; if this one does not use it, declare Migration.completed(\"%s\")%s."
                .formatted(
                    id,
                    recorded.table(),
                    recorded.since(),
                    recorded.definition().get(Phase.CONTRACT.ordinal()),
                    contractedBy(id, snapshot),
                    id,
                    recorded.wayBack()));
      }
    }
  }

  /** For an instance that was away: whether the side that it reads is still there as well. */
  void checkAgain(Snapshot snapshot) {
    check(snapshot);
    for (Declaration declaration : declarations.all()) {
      Phase reached = declarations.recorded(declaration.id(), snapshot).phase();
      // Proved once, both sides stay equal from there on.
      Phase least =
          declaration.needed() == Phase.SWITCH_READ ? Phase.BACKFILL : declaration.needed();
      boolean there = reached != null && reached.includes(least);
      if (declaration.readsNewSide() && !there) {
        throw new NotReadyException(
            "%s: this release reads the new side of %s, which was taken back to %s meanwhile. Run a release that reads %s"
                .formatted(
                    declaration.where(),
                    declaration.table(),
                    (reached == null) ? "its beginning" : reached,
                    declaration.oldColumns().isEmpty()
                        ? "the old side"
                        : declaration.oldColumns()));
      }
    }
  }

  /** Releases known to work with what is there now; empty if none is known. */
  private static String contractedBy(String id, Snapshot snapshot) {
    List<String> releases =
        snapshot.fleet().members().stream()
            .filter(
                it ->
                    it.declares().containsKey(id)
                        && it.declares().get(id).phase() == Phase.CONTRACT)
            .map(it -> it.application() + " " + it.release())
            .distinct()
            .limit(3)
            .toList();
    return releases.isEmpty()
        ? ""
        : releases.stream().collect(Collectors.joining(" or ", ", such as ", ""));
  }
}
