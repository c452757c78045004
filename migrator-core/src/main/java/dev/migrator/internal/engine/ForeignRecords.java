package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.adopt.ForeignHistory;
import dev.migrator.internal.journal.AdoptedFiles;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.operation.SqlFile;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps the history of another tool in step with the journal: in the very transaction in which a
 * file has run or is undone.
 */
final class ForeignRecords {

  private static final Logger logger = LoggerFactory.getLogger(ForeignRecords.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final ForeignHistory history;

  ForeignRecords(Database database, Lease lease, Journal journal, ForeignHistory history) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.history = history;
  }

  ForeignHistory history() {
    return history;
  }

  /**
   * Whether the other tool has run anything here. Instances may then serve that know nothing of
   * this library, and have not registered.
   */
  boolean hasRunHere() {
    return new AdoptedFiles(database).exist() || history.hasRunAnything();
  }

  /** The file that a migration is; empty if it is none that the other tool may know. */
  Optional<SqlFile> file(Declaration declaration) {
    return declaration.migration().operations().stream()
        .filter(SqlFile.class::isInstance)
        .map(SqlFile.class::cast)
        .filter(it -> history.mayKnow(declaration.id(), it))
        .findFirst();
  }

  /** Notes one, by the leader and in a transaction. */
  void takeOver(Declaration declaration, SqlFile file, String how) {
    RanBefore.note(
        journal,
        declaration.id(),
        file,
        AdoptedFiles.marked(declaration.operations()),
        "ADOPT: " + how);
  }

  /**
   * Whether the other tool has run a file since the start, which is noted then. Between this and
   * the commit it is the key of its table that keeps the two from running one file both.
   */
  boolean hasRunMeanwhile(Declaration declaration, Phase phase) {
    SqlFile file = file(declaration).filter(it -> it.last() == phase).orElse(null);
    if (file == null || !history.isWritten()) {
      return false;
    }
    try {
      return database.inTransaction(
          () -> {
            lease.check();
            if (!history.hasRun(declaration.id())) {
              return false;
            }
            takeOver(declaration, file, "run by %s meanwhile".formatted(history.tool()));
            logger.info(
                "{}: {} has run it meanwhile, it is not run again",
                declaration.id(),
                history.tool());
            return true;
          });
    } catch (DataAccessException ex) {
      if (SqlState.isContention(ex)) {
        return false;
      }
      throw ex;
    }
  }

  /** Notes there that a file has run. */
  void reached(Declaration declaration, Phase phase) {
    file(declaration)
        .filter(it -> it.last() == phase)
        .ifPresent(it -> history.applied(declaration.id(), it));
  }

  /** Notes there that a file is undone. */
  void undone(Recorded recorded, Phase phase) {
    boolean file =
        FileDefinition.of(recorded.operations()).filter(it -> !it.repeatable()).isPresent()
            && recorded.operations().stream().anyMatch(it -> it.definition().containsKey(phase));
    if (file) {
      history.undone(recorded.id());
    }
  }
}
