package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Lazy;
import dev.migrator.internal.Listing;
import dev.migrator.internal.file.FileFindings;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.FileHistory;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.SqlFile;
import dev.migrator.settings.RequireDown;
import dev.migrator.settings.SqlSettings;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the SQL files of this release continue the history, with what an operator accepts. */
final class FileCheck {

  private static final Logger logger = LoggerFactory.getLogger(FileCheck.class);

  private static final int NAMED = 10;

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final Snapshots snapshots;

  private final Lazy<Adoption> adoption;

  private final Lazy<Baselines> baselines;

  private final SqlSettings settings;

  FileCheck(
      Database database,
      Journal journal,
      Declarations declarations,
      Snapshots snapshots,
      Lazy<Adoption> adoption,
      Lazy<Baselines> baselines,
      SqlSettings settings) {
    this.database = database;
    this.journal = journal;
    this.declarations = declarations;
    this.snapshots = snapshots;
    this.adoption = adoption;
    this.baselines = baselines;
    this.settings = settings;
  }

  /**
   * Checks.
   *
   * @return what the journal knows
   * @throws dev.migrator.error.InvalidMigrationException naming the file, and the way on
   */
  Snapshot check() {
    Snapshot snapshot = snapshots.withFiles();
    // What has run here need not be known from elsewhere.
    if (isAnyNew(snapshot) && adoption.get().takeOver(snapshot)) {
      snapshot = snapshots.withFiles();
    }
    if (isAnyNew(snapshot) && baselines.get().takeOver(snapshot)) {
      snapshot = snapshots.withFiles();
    }
    List<FileHistory.Repair> repairs =
        FileHistory.repairs(declarations.all(), snapshot.records(), settings);
    for (FileHistory.Repair repair : repairs) {
      Recorded recorded = declarations.recorded(repair.id(), snapshot);
      database.inTransaction(
          () -> {
            journal.lock(repair.id());
            journal.repaired(
                repair.id(), repair.definition().in(recorded.operations()), repair.reason());
          });
      logger.warn(
          "{}: the file is not the one that ran; accepted by migrator.sql.repair: {}",
          repair.id(),
          repair.reason());
    }
    if (!repairs.isEmpty()) {
      snapshot = snapshots.withFiles();
    }
    FileHistory.check(declarations.all(), declarations.completed(), snapshot.records(), settings);
    Map<String, String> superseded = FileHistory.superseded(declarations.all(), snapshot.records());
    for (Map.Entry<String, String> file : superseded.entrySet()) {
      logger.info(
          "{} is not run again: {} ran later, with the content of another release. If it shall be so again, change a comment in the file",
          file.getKey(),
          file.getValue());
    }
    if (isAnyNew(snapshot)) {
      checkDowns(snapshot);
      warnOfFindings(snapshot);
    }
    return snapshot;
  }

  /** Whether something is declared of which no phase has been reached. */
  private boolean isAnyNew(Snapshot snapshot) {
    for (Declaration declaration : declarations.all()) {
      if (declarations.recorded(declaration.id(), snapshot).phase() == null) {
        return true;
      }
    }
    return false;
  }

  private void warnOfFindings(Snapshot snapshot) {
    for (Declaration declaration : declarations.all()) {
      if (declaration.isFile()
          && declarations.recorded(declaration.id(), snapshot).phase() == null) {
        declaration.migration().operations().stream()
            .filter(SqlFile.class::isInstance)
            .flatMap(it -> FileFindings.of((SqlFile) it).stream())
            .forEach(logger::warn);
      }
    }
  }

  /** Of what has run, the journal knows how to undo it. */
  private void checkDowns(Snapshot snapshot) {
    if (settings.requireDown() == RequireDown.IGNORE) {
      return;
    }
    List<String> all =
        declarations.all().stream()
            .filter(it -> declarations.recorded(it.id(), snapshot).phase() == null)
            .filter(
                it ->
                    it.migration().operations().stream()
                        .anyMatch(
                            file -> file instanceof SqlFile sql && FileFindings.isWithoutDown(sql)))
            .map(Declaration::bean)
            .toList();
    if (all.isEmpty()) {
      return;
    }
    String without = Listing.first(NAMED, all);
    if (settings.requireDown() == RequireDown.FAIL) {
      throw new InvalidMigrationException(
          ErrorCode.FILE_WITHOUT_DOWN,
          "no .down.sql is beside %s. Add it, or set migrator.sql.require-down to warn"
              .formatted(without));
    }
    logger.warn("no .down.sql is beside {}, so that they cannot be undone", without);
  }
}
