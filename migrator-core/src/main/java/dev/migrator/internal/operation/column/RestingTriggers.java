package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.List;

/**
 * What the triggers of a copy need not do once all rows are copied and compared, and what gives it
 * back: no row has to be filled, and nothing is copied that is to be told from a write of the
 * application. An update of another column then costs no more than with any trigger.
 *
 * <p>The triggers keep their names, by which earlier versions look for them. The one that fills
 * rows gets an event that no row has and a condition that is never true.
 *
 * <p><b>Beside earlier versions of the library.</b> A leader that knows nothing of this would
 * compare rows for the contract without waking them, and a row that was written past the triggers
 * could move from what is still to be compared to what was. So they do not rest while an instance
 * of such a version lives, and are awake soon after one has come. Should it lead before that, it
 * cannot contract: while they rest there is a function that depends on the one which fills rows,
 * and every version drops that one in its contract, without CASCADE. The server refuses it, and
 * nothing has happened. Its undo of BACKFILL wakes them, as it runs what is recorded with the step.
 */
public final class RestingTriggers {

  private static final String REST = "rest-triggers";

  private static final String WAKE = "wake-triggers";

  private RestingTriggers() {}

  /** Whether a step of that name does no more than let triggers rest, or wakes them. */
  public static boolean isStep(String name) {
    return name.equals(REST) || name.equals(WAKE);
  }

  /** Whether they may rest at all, as far as that does not depend on when it is asked. */
  public static boolean mayRest(ResolvedColumnChange change) {
    return !change.oldSide().isEmpty()
        && change.isCopy()
        && !change.byApplication()
        && !change.foreignTriggers()
        && !change.table().partitioned()
        && change.table().root() == null;
  }

  /**
   * The step by which they rest, with what undoes it.
   *
   * @param split whether the old side has a trigger of its own
   */
  public static TransactionStep rest(ResolvedColumnChange change, boolean split) {
    List<TableLock> locks = lock(change);
    StepInfo info = StepInfo.of(REST, Phase.BACKFILL).repeating();
    return TransactionStep.of(
        info, locks, TriggerSql.of(change).rest(split), locks, statementsToWake(change));
  }

  /**
   * The step before rows are compared or copied range by range.
   *
   * @param phase where that belongs to
   */
  public static TransactionStep wake(Phase phase, ResolvedColumnChange change) {
    return new TransactionStep(
        StepInfo.of(WAKE, phase).repeating(), lock(change), statementsToWake(change));
  }

  private static List<TableLock> lock(ResolvedColumnChange change) {
    return List.of(new TableLock(change.table().quoted(), TableLock.Mode.SHARE_ROW_EXCLUSIVE));
  }

  /**
   * When this is done, somebody may have set when the triggers fire: a trigger that is made anew
   * fires as it is usual.
   */
  private static List<String> statementsToWake(ResolvedColumnChange change) {
    List<String> statements = new ArrayList<>(TriggerSql.of(change).fill());
    String trigger = change.names().trigger(TriggerSql.FILL);
    String create = statements.remove(statements.size() - 1);
    statements.add(
        "DO "
            + Identifiers.dollarQuoted(
                """
                DECLARE
                  migrator_enabled "char" := (SELECT tgenabled FROM pg_catalog.pg_trigger WHERE tgrelid = %d AND tgname = %s);
                BEGIN
                  %s;
                  IF migrator_enabled = 'A' THEN
                    ALTER TABLE %s ENABLE ALWAYS TRIGGER %s;
                  END IF;
                END"""
                    .formatted(
                        change.table().oid(),
                        Identifiers.literal(trigger),
                        create,
                        change.table().quoted(),
                        Identifiers.quote(trigger))));
    statements.add(TriggerSql.of(change).wake());
    return statements;
  }
}
