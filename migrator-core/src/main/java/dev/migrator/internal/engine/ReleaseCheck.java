package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.ApplicationGate;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Drift;
import dev.migrator.internal.plan.Recorded;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether the database still has what the code of this release needs. */
final class ReleaseCheck {

  private final Declarations declarations;

  /** What this release is called. It would help nobody to be told to run it. */
  private final String self;

  ReleaseCheck(Declarations declarations, String self) {
    this.declarations = declarations;
    this.self = self;
  }

  /**
   * Looks at everything that was removed, and at everything that ran under an id declared here.
   *
   * @param snapshot read after this instance was registered
   * @throws NotReadyException if something is gone that this release needs
   * @throws dev.migrator.error.InvalidMigrationException if a declaration does not fit what ran
   */
  void check(Snapshot snapshot) {
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = snapshot.get(declaration.id());
      if (recorded != null) {
        Drift.check(declaration, recorded, releasesAt(Phase.CONTRACT, declaration.id(), snapshot));
      }
    }
    for (String id : declarations.completed()) {
      if (snapshot.get(id) == null && declarations.baselineOf(id) == null) {
        throw new NotReadyException(
            ErrorCode.NEVER_SEEN,
            "Migration.completed(\"%s\") says that the change is finished, and this database has never seen it. Declare the migration in full, which makes the change here as well, or is recognized if the table has the new shape already; or leave it out, if no database is left that has it unfinished."
                .formatted(id));
      }
    }
    for (Recorded recorded : snapshot.records().values()) {
      String id = recorded.id();
      boolean known = declarations.contains(id) || declarations.isCompleted(id);
      if (!known && recorded.phase() == Phase.CONTRACT && !recorded.lost().isEmpty()) {
        throw new NotReadyException(
            ErrorCode.CONTRACT_UNKNOWN,
            "migration \"%s\"%s is contracted since %s (%s), and this release says nothing of it, so it counts as one that still needs what is gone. Run a release that declares it%s; if this one does not use it, declare Migration.completed(\"%s\")%s."
                .formatted(
                    id,
                    recorded.ofTable(),
                    recorded.since(),
                    recorded.lost(),
                    releasesAt(Phase.CONTRACT, id, snapshot),
                    id,
                    recorded.wayBack()));
      }
      if (!declarations.isCompleted(id) && recorded.byApplication()) {
        checkWrites(recorded, declarations.find(id), snapshot);
      }
    }
  }

  /** Where no trigger makes up for a side that a release does not write. */
  private void checkWrites(
      Recorded recorded, @Nullable Declaration declaration, Snapshot snapshot) {
    Phase least = ApplicationGate.least(recorded);
    if (least == null || (declaration != null && declaration.declares().includes(least))) {
      return;
    }
    boolean released = least == Phase.SWITCH_READ;
    throw new NotReadyException(
        ErrorCode.RELEASE_WRITES_ONE_SIDE,
        "migration \"%s\"%s (%s by the application): this release %s, so %s. The change is at %s since %s, and %s. Run a release that declares at least %s%s; or undo the change by UNDO to before %s."
            .formatted(
                recorded.id(),
                recorded.ofTable(),
                recorded.keptInStep(),
                declaration == null
                    ? "says nothing of it"
                    : "declares " + declaration.declares() + " only",
                released
                    ? "it would read the old side, which is not written by everybody any longer"
                    : "it would write the old side only, and its rows would be missing on the new one",
                recorded.phase(),
                recorded.since(),
                released ? "the old side is released" : "its backfill has begun",
                least,
                releasesAt(least, recorded.id(), snapshot),
                released ? Phase.CONTRACT : Phase.BACKFILL));
  }

  /** For an instance that was away: whether the side that it reads is still there as well. */
  void checkAgain(Snapshot snapshot) {
    check(snapshot);
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = declarations.recorded(declaration.id(), snapshot);
      Phase reached = recorded.phase();
      if (reached != null && declaration.loses(recorded)) {
        throw new NotReadyException(
            ErrorCode.UNDONE_MEANWHILE,
            "%s: this release %s, and the change is at %s and being undone meanwhile. Run a release that %s"
                .formatted(
                    declaration.where(),
                    declaration.use(),
                    reached,
                    declaration.writesNewSideOnly()
                        ? "writes both sides"
                        : recorded.begun() == Phase.EXPAND
                            ? "does not use the new columns"
                            : "does not read the new columns"));
      }
      // Verified once, both sides stay equal from there on.
      Phase least =
          declaration.needed() == Phase.SWITCH_READ ? Phase.BACKFILL : declaration.needed();
      boolean there = reached != null && reached.includes(least);
      if (declaration.isFile() && declaration.usesNewSide() && !there) {
        throw new NotReadyException(
            ErrorCode.UNDONE_MEANWHILE,
            "%s: this release may need what the file makes, which was undone meanwhile. Run a release without the file, or give the command RESUME"
                .formatted(declaration.where()));
      }
      if (declaration.usesNewSide() && !there) {
        throw new NotReadyException(
            ErrorCode.UNDONE_MEANWHILE,
            "%s: this release %s of %s, which was undone to %s meanwhile. Run a release that reads %s"
                .formatted(
                    declaration.where(),
                    declaration.use(),
                    declaration.tables(),
                    (reached == null) ? "its beginning" : reached,
                    declaration.oldColumns().isEmpty()
                        ? "the old side"
                        : declaration.oldColumns()));
      }
    }
  }

  /** Releases known to work with what is there now; empty if none is known. */
  private String releasesAt(Phase least, String id, Snapshot snapshot) {
    if (snapshot.fleet().members().isEmpty()) {
      return "";
    }
    List<String> releases =
        snapshot.fleet().members().stream()
            .filter(
                it ->
                    it.declares().containsKey(id) && it.declares().get(id).phase().includes(least))
            .map(it -> it.application() + " " + it.release())
            .filter(it -> !it.equals(self))
            .distinct()
            .limit(3)
            .toList();
    return releases.isEmpty()
        ? ""
        : releases.stream().collect(Collectors.joining(" or ", ", such as ", ""));
  }
}
