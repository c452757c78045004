package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.Listing;
import dev.migrator.internal.file.RepeatableId;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.SqlFile.Contained;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;

/** What has run on a database to its end, so that a baseline can contain it. */
public final class FinishedHistory {

  private static final int NAMED = 5;

  private final Database database;

  private final Journal journal;

  /** Reads only. */
  public FinishedHistory(DataSource dataSource) {
    this.database = new Database(dataSource);
    this.journal = new Journal(database, "", "");
  }

  /**
   * All of it, in the order in which it was begun.
   *
   * @throws CommandRefusedException if nothing has run, or something is not finished
   */
  public List<Contained> read() {
    if (Installation.find(database).isEmpty()) {
      throw new CommandRefusedException(
          ErrorCode.UNKNOWN_MIGRATION, "this database has no journal, so nothing has run here");
    }
    Map<String, Recorded> records = database.inTransaction(journal::all).records();
    List<String> unfinished =
        records.values().stream().filter(FinishedHistory::isUnfinished).map(Recorded::id).toList();
    if (!unfinished.isEmpty()) {
      throw new CommandRefusedException(
          ErrorCode.COMMAND_TOO_EARLY,
          "the catalog has a part only of what is not finished here: %s. Take it to its end or undo it, wait until what is retired is dropped, or use a database where that is so; \"info\" shows it"
              .formatted(Listing.first(NAMED, unfinished)));
    }
    return contained(records);
  }

  private static boolean isUnfinished(Recorded recorded) {
    Phase phase = recorded.phase();
    if (phase == null && recorded.begun() == null) {
      return false;
    }
    boolean retired = recorded.dropDue() != null && !recorded.completed();
    boolean goesOn =
        phase != null && recorded.operations().stream().anyMatch(it -> !phase.includes(it.last()));
    return recorded.isOpen() || retired || goesOn;
  }

  private static List<Contained> contained(Map<String, Recorded> records) {
    List<Contained> contained = new ArrayList<>();
    Map<String, Recorded> repeatable = new LinkedHashMap<>();
    for (Recorded recorded : records.values()) {
      FileDefinition file = FileDefinition.of(recorded.operations()).orElse(null);
      if (recorded.phase() == null || (file != null && file.missing())) {
        // Other databases may never have had it.
        continue;
      }
      if (file != null && file.repeatable()) {
        repeatable.merge(RepeatableId.name(recorded.id()), recorded, FinishedHistory::later);
      } else {
        contained.add(new Contained(recorded.id(), recorded.phase()));
      }
    }
    repeatable
        .values()
        .forEach(it -> contained.add(new Contained(it.id(), Objects.requireNonNull(it.phase()))));
    return contained;
  }

  private static Recorded later(Recorded one, Recorded other) {
    return Comparator.comparing(Recorded::since, Comparator.nullsFirst(Comparator.naturalOrder()))
                .compare(one, other)
            > 0
        ? one
        : other;
  }
}
