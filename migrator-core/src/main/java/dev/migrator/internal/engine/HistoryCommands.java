package dev.migrator.internal.engine;

import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.Timings;
import dev.migrator.internal.file.FileMigration;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.operation.sqlfile.SqlFileType;
import dev.migrator.internal.plan.FileHistory;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of SQL files from outside of an application: that one may be different from
 * what ran, or that some have run though the journal does not know. No file is run by it.
 */
public final class HistoryCommands {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Database database;

  private final List<FileMigration> files;

  private final String who;

  /**
   * Makes it.
   *
   * @param files those of the project, in their order
   * @param who gives the commands, for the event log
   */
  public HistoryCommands(DataSource dataSource, List<FileMigration> files, String who) {
    this.database = new Database(dataSource);
    this.files = List.copyOf(files);
    this.who = who;
  }

  /**
   * Accepts a file as it is now, or that it is missing.
   *
   * @return what was noted, for people
   * @throws CommandRefusedException if there is nothing to accept
   */
  public String repair(String id, String reason) {
    requireReason(reason);
    if (Installation.find(database).isEmpty()) {
      throw refused(
          ErrorCode.UNKNOWN_MIGRATION, "this database has no journal, so nothing has run here");
    }
    Journal journal = new Journal(database, who, who);
    String now =
        files.stream()
            .filter(it -> it.id().equals(id))
            .map(it -> it.file().checksum())
            .findFirst()
            .orElse(null);
    return database.inTransaction(
        () -> {
          journal.lock(id);
          Recorded recorded = journal.only(id).get(id);
          FileDefinition ran =
              Optional.ofNullable(recorded)
                  .filter(it -> it.phase() != null && it.phase() == it.begun())
                  .flatMap(it -> FileDefinition.of(it.operations()))
                  .orElse(null);
          if (recorded == null || ran == null) {
            throw refused(
                ErrorCode.UNKNOWN_MIGRATION,
                "no file \"%s\" has run here to its end; one that has not may be changed without a repair"
                    .formatted(id));
          }
          FileHistory.Repair repair =
              FileHistory.repair(id, ran, now, reason)
                  .orElseThrow(
                      () ->
                          refused(
                              ErrorCode.COMMAND_REDUNDANT,
                              "\"%s\" needs no repair: the file is what ran, or is accepted already"
                                  .formatted(id)));
          journal.repaired(id, repair.definition().in(recorded.operations()), reason);
          return now == null
              ? "%s: the file may be missing from now on".formatted(id)
              : "%s: the file may be what it is now (%s), beside what ran (%s)"
                  .formatted(id, now, ran.checksum());
        });
  }

  /**
   * Notes that files have run, because what they make is there: of a database that is older than
   * its journal. Repeatable ones are left out, which may run at any time.
   *
   * @param last the id of the last of them; {@code null} for all
   * @return the ids of those that were not known to have run
   * @throws CommandRefusedException if there is no such file, or an instance works at present
   */
  public List<String> baseline(@Nullable String last, String reason) {
    requireReason(reason);
    List<FileMigration> upTo = upTo(last);
    Installation.ensure(database);
    Journal journal = new Journal(database, who, who);
    Lease lease = new Lease(database, who, LEASE, Timings.defaults().leading());
    // Who leads may be about to run one of them.
    if (!lease.tryAcquire(Lease.Purpose.BACKGROUND)) {
      throw refused(
          ErrorCode.COMMAND_TOO_EARLY,
          "an instance works on this database at present; try it again");
    }
    try {
      return database.inTransaction(
          () -> {
            lease.check();
            List<String> noted = new ArrayList<>();
            Snapshot known = journal.all();
            for (FileMigration file : upTo) {
              Recorded recorded = known.get(file.id());
              if (recorded == null || recorded.phase() == null) {
                RanBefore.note(
                    journal,
                    file.id(),
                    file.file(),
                    List.of(new SqlFileType().facts(file.file())),
                    "BASELINE: " + reason);
                noted.add(file.id());
              }
            }
            return noted;
          });
    } finally {
      lease.release();
    }
  }

  private List<FileMigration> upTo(@Nullable String last) {
    List<FileMigration> versioned = files.stream().filter(it -> !it.file().repeatable()).toList();
    if (last == null) {
      return versioned;
    }
    for (int i = 0; i < versioned.size(); i++) {
      if (versioned.get(i).id().equals(last)) {
        return versioned.subList(0, i + 1);
      }
    }
    throw refused(ErrorCode.UNKNOWN_MIGRATION, "no file has the id \"%s\"".formatted(last));
  }

  private static void requireReason(String reason) {
    if (reason.isBlank()) {
      throw refused(ErrorCode.COMMAND_INVALID, "say why, for those who read the journal later");
    }
  }

  private static CommandRefusedException refused(ErrorCode code, String message) {
    return new CommandRefusedException(code, message);
  }
}
