package dev.migrator.internal.engine;

import dev.migrator.error.MigratorException;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.MigratorSettings;
import org.jspecify.annotations.Nullable;

/** What is looked at when a start begins, before it changes anything. */
final class StartCheck {

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final ReleaseCheck releases;

  private final Snapshots snapshots;

  private final FileCheck files;

  private final MigratorSettings settings;

  StartCheck(
      Database database,
      Journal journal,
      Declarations declarations,
      ReleaseCheck releases,
      Snapshots snapshots,
      Lazy<Adoption> adoption,
      Lazy<Baselines> baselines,
      MigratorSettings settings) {
    this.database = database;
    this.journal = journal;
    this.declarations = declarations;
    this.releases = releases;
    this.snapshots = snapshots;
    this.files =
        new FileCheck(
            database, journal, declarations, snapshots, adoption, baselines, settings.sql());
    this.settings = settings;
  }

  /**
   * Whether this release fits what has run. What failed before is tried again from here.
   *
   * @return what the journal says then
   */
  Snapshot begin() {
    Snapshot snapshot = files.check();
    requireFit(snapshot);
    boolean failedBefore = false;
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = snapshot.get(declaration.id());
      failedBefore |= recorded != null && recorded.failure() != null;
    }
    if (failedBefore) {
      database.inTransaction(() -> journal.forgetFailures(declarations.ids()));
      snapshot = snapshots.all();
      requireFit(snapshot);
    }
    declarations.warnOfUnknown(settings.contract().approved());
    return snapshot;
  }

  /**
   * Whether this release fits what has run by now.
   *
   * @throws MigratorException if not
   */
  void requireFit(Snapshot snapshot) {
    try {
      releases.check(snapshot);
    } catch (NotReadyException ex) {
      releases.check(snapshots.withFleet()); // which tells what release to run
      throw ex;
    }
  }

  /**
   * Why this release must not serve; {@code null} if it may.
   *
   * @param starting whether its start itself waits for what is not there yet
   */
  @Nullable String refusal(boolean starting) {
    try {
      Snapshot snapshot = snapshots.withFleet();
      if (starting) {
        releases.check(snapshot);
      } else {
        releases.checkAgain(snapshot);
      }
      return null;
    } catch (MigratorException ex) {
      return ex.getMessage();
    }
  }
}
