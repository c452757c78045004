package dev.migrator.internal.engine;

import dev.migrator.internal.engine.step.BlockerReporter;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.status.Hold;
import dev.migrator.status.StepStatus;
import org.jspecify.annotations.Nullable;

/** Says what a start waits for. */
final class StartProgress {

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final Snapshots snapshots;

  StartProgress(
      Database database, Journal journal, Declarations declarations, Snapshots snapshots) {
    this.database = database;
    this.journal = journal;
    this.declarations = declarations;
    this.snapshots = snapshots;
  }

  String describe(Declaration declaration, Snapshot snapshot) {
    Recorded recorded = declarations.recorded(declaration.id(), snapshot);
    Decision decision = snapshots.decide(declaration.id(), snapshot);
    @Nullable Hold hold =
        (decision instanceof Decision.Wait wait && !wait.holds().isEmpty())
            ? wait.holds().get(0)
            : null;
    boolean reached = recorded.phase() != null && recorded.phase().includes(declaration.needed());
    return "%s to %s, it is at %s%s%s"
        .formatted(
            declaration.id(),
            reached ? "have it released" : "reach " + declaration.needed(),
            recorded.phase() == null ? "its beginning" : recorded.phase(),
            hold == null
                ? ""
                : " and held: "
                    + hold.reason().code()
                    + ": "
                    + hold.message()
                    + " ("
                    + hold.remedy()
                    + ")",
            waits(declaration.id()));
  }

  private String waits(String id) {
    return database.inTransaction(() -> journal.statuses().of(id)).stream()
        .filter(it -> it.state() == StepStatus.State.RUNNING && !it.blockers().isEmpty())
        .map(it -> ", where " + it.name() + " waits for " + BlockerReporter.describe(it.blockers()))
        .findFirst()
        .orElse("");
  }
}
