package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.sqlfile.ResolvedSqlFile;
import dev.migrator.internal.step.Step;
import dev.migrator.operation.SqlFile;
import dev.migrator.status.MigrationEvent.Kind;
import java.time.Duration;
import java.util.List;

/** Files that have run though not by this library. */
final class RanBefore {

  private RanBefore() {}

  /**
   * Notes one as if it had run, so that it can be undone by the file beside it. To be called by the
   * leader, in a transaction.
   *
   * @param why for those who read the events
   */
  static void note(
      Journal journal, String id, SqlFile file, List<OperationFacts> facts, String why) {
    Phase phase = file.last();
    journal.begin(id, "", facts, phase);
    int position = 0;
    for (Step step : new ResolvedSqlFile(file).steps(phase).steps()) {
      journal.steps().started(id, step, position++);
      journal.steps().done(id, step.name());
    }
    journal.reached(id, phase);
    if (phase == Phase.CONTRACT) {
      journal.retired(id, Duration.ZERO);
    }
    journal.events().append(id, Kind.COMMAND, null, why);
    journal.contained().write(id, file.contains());
  }
}
