package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.Listing;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A start on a database that only reads, such as a standby. Nothing can be done there, and nobody
 * be registered; but where nothing is due, an application need not be kept from serving.
 */
final class ReadOnlyStart {

  private static final Logger logger = LoggerFactory.getLogger(ReadOnlyStart.class);

  private static final int NAMED = 5;

  private final Database database;

  private final Declarations declarations;

  private final ReleaseCheck check;

  private final Snapshots snapshots;

  ReadOnlyStart(
      Database database, Declarations declarations, ReleaseCheck check, Snapshots snapshots) {
    this.database = database;
    this.declarations = declarations;
    this.check = check;
    this.snapshots = snapshots;
  }

  /**
   * Looks whether the release can serve without the migrator.
   *
   * @param refusal why it cannot start as usual
   * @return the version of the server
   * @throws UnsupportedDatabaseException if something is due, or the database does not only read
   */
  String run(UnsupportedDatabaseException refusal) {
    if (refusal.errorCode() != ErrorCode.STANDBY) {
      throw refusal;
    }
    Optional<String> version = Installation.find(database);
    if (version.isEmpty()) {
      throw refusal;
    }
    Snapshot snapshot = snapshots.withFleet();
    check.check(snapshot);
    List<String> due =
        declarations.all().stream()
            .filter(it -> isDue(it, snapshot))
            .map(Declaration::where)
            .toList();
    if (!due.isEmpty()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.STANDBY,
          "%s. Due is: %s".formatted(refusal.getMessage(), Listing.first(NAMED, due)),
          refusal);
    }
    logger.warn(
        "the database is read-only here, and nothing is due: this instance serves without the migrator, and no contract waits for it");
    return version.get();
  }

  /** Who asks at run time which side to read has to be registered, or it could be told too late. */
  private boolean isDue(Declaration declaration, Snapshot snapshot) {
    return !declaration.mayServe(declarations.recorded(declaration.id(), snapshot))
        || declaration.readsAtRuntime();
  }
}
