package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ForeignTriggers;
import dev.migrator.internal.catalog.ForeignTriggers.Narrow;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.operation.column.TriggerSql;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a trigger has come that changes rows behind the back of those that keep both sides
 * in step: before each phase, and from time to time by the background thread. Ours are made anew
 * then, and fire on every update. What the other one changed before that on one side only is found
 * by a verification, at once and once more in one snapshot before the contract. Rows are copied
 * again as long as nobody may have written the new side; later either side can be the one that was
 * written last, and a difference is reported.
 */
final class TriggerCare {

  private static final Logger logger = LoggerFactory.getLogger(TriggerCare.class);

  /** Behind all steps of a phase. */
  private static final int LAST = 1000;

  private final Database database;

  private final Declarations declarations;

  private final StepRunner runner;

  private final VerificationAgain again;

  TriggerCare(
      Database database, Declarations declarations, StepRunner runner, VerificationAgain again) {
    this.database = database;
    this.declarations = declarations;
    this.runner = runner;
    this.again = again;
  }

  /** Whether there are triggers that have to be looked at from time to time. */
  boolean caresForAny(Snapshot snapshot) {
    return snapshot.records().values().stream().anyMatch(this::isCaredFor);
  }

  /** Those whose triggers are to be made anew. Asks the catalog only if there are triggers. */
  Set<String> due(Snapshot snapshot) {
    List<Recorded> kept = snapshot.records().values().stream().filter(this::isCaredFor).toList();
    if (kept.isEmpty()) {
      return Set.of();
    }
    List<Narrow> narrow = tooNarrow();
    return kept.stream()
        .filter(it -> !of(it, narrow).isEmpty())
        .map(Recorded::id)
        .collect(Collectors.toSet());
  }

  /**
   * Makes the triggers of a change anew if they miss what others change.
   *
   * @return whether the change may go on; not if told to end or to yield
   */
  boolean keep(Recorded recorded) {
    if (!isCaredFor(recorded)) {
      return true;
    }
    List<Narrow> narrow = of(recorded, tooNarrow());
    if (narrow.isEmpty()) {
      return true;
    }
    logger.warn(
        "{}: another BEFORE trigger{} has come; the triggers that keep both sides in step are made anew, and the rows verified again",
        recorded.id(),
        recorded.ofTable());
    return widen(recorded, narrow) && again.run(recorded, "verify-widened", LAST + 1);
  }

  private boolean widen(Recorded recorded, List<Narrow> narrow) {
    List<String> statements = new ArrayList<>();
    for (Narrow trigger : narrow) {
      names(recorded).stream()
          .filter(it -> it.trigger(TriggerSql.UPDATE).equals(trigger.name()))
          .map(it -> TriggerSql.onEveryUpdate(it, trigger.quoted()))
          .forEach(statements::add);
      if (trigger.always()) {
        statements.add(
            "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s"
                .formatted(trigger.quoted(), Identifiers.quote(trigger.name())));
      }
    }
    List<TableLock> locks =
        narrow.stream()
            .map(it -> new TableLock(it.quoted(), TableLock.Mode.SHARE_ROW_EXCLUSIVE))
            .distinct()
            .toList();
    StepInfo info = StepInfo.of("widen-triggers", Phase.DUAL_WRITE).repeating();
    return runner.run(
        StepRun.of(recorded.id(), again.copyAgain(recorded)),
        new TransactionStep(info, locks, statements),
        LAST);
  }

  private boolean isCaredFor(Recorded recorded) {
    return recorded.isKeptInStep()
        && !recorded.byApplication()
        && declarations.contains(recorded.id());
  }

  private List<Narrow> tooNarrow() {
    return database.read(() -> new ForeignTriggers(database).tooNarrow(TriggerSql.UPDATE));
  }

  private static List<Narrow> of(Recorded recorded, List<Narrow> narrow) {
    Set<String> own = new HashSet<>();
    names(recorded).forEach(it -> own.add(it.trigger(TriggerSql.UPDATE)));
    return narrow.stream().filter(it -> own.contains(it.name())).toList();
  }

  private static List<ObjectNames> names(Recorded recorded) {
    List<ObjectNames> names = new ArrayList<>();
    for (int i = 0; i < recorded.operations().size(); i++) {
      names.add(ObjectNames.of(recorded.id(), i));
    }
    return names;
  }
}
