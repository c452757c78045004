package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.FillTriggers.Fill;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.column.ResolvedColumnChange;
import dev.migrator.internal.operation.column.RestingTriggers;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Lets the triggers of a change rest while nothing is done for it behind BACKFILL, which can be for
 * days, and wakes them before rows are compared or copied again.
 *
 * <p>Why they may rest: all rows have been compared, and a row whose sides agree stays so by the
 * trigger that looks at updates of the columns. What fills a row serves the passes over the ranges
 * only: a row that differs must not move while one is under way. A row can differ again if somebody
 * has written it past the triggers; hence they are awake when rows are compared once more, for the
 * contract or because of what was changed meanwhile, and when BACKFILL is undone, so that it can be
 * done anew. SWITCH_READ takes no lock for it, as its promise is what was compared before, unless a
 * leader before this one has left it rows to compare.
 *
 * <p>It is tried a while after nothing is done any longer, once within the lock budget, and long
 * after that again: nothing waits for it, and a step that waited could hold up others, or fail.
 *
 * <p>None rest while an instance lives whose version of the library knows nothing of it, see {@link
 * RestingTriggers}: they are woken at the next look.
 */
final class TriggerRest {

  private static final Logger logger = LoggerFactory.getLogger(TriggerRest.class);

  /** Behind all steps of a phase. */
  private static final int LAST = 1004;

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final RestingState state;

  private final Declarations declarations;

  private final RetryingResolver resolver;

  private final StepRunner runner;

  private final MigratorSettings settings;

  private final Timings timings;

  /** When each may be tried again, by {@link System#nanoTime()}. */
  private final Map<String, Long> next = new ConcurrentHashMap<>();

  TriggerRest(
      Database database,
      Lease lease,
      Journal journal,
      RestingState state,
      Declarations declarations,
      RetryingResolver resolver,
      StepRunner runner,
      MigratorSettings settings,
      Timings timings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.state = state;
    this.declarations = declarations;
    this.resolver = resolver;
    this.runner = runner;
    this.settings = settings;
    this.timings = timings;
  }

  /**
   * Whether there are triggers that may rest and do not, or must not and do. Asks the catalog only
   * if there can be one.
   *
   * @param idle whether nothing is to be done for a change
   */
  boolean isDue(Snapshot snapshot, Predicate<String> idle) {
    List<Recorded> candidates = candidates(snapshot, idle);
    return !candidates.isEmpty() && !due(candidates, areEarlierThere()).isEmpty();
  }

  /** Lets those rest that may. Where it does not succeed, everything is as it was. */
  void run(Snapshot snapshot, Predicate<String> idle) {
    List<Recorded> candidates = candidates(snapshot, idle);
    boolean wakes = !candidates.isEmpty() && areEarlierThere();
    for (Map.Entry<Recorded, Fill> due : due(candidates, wakes).entrySet()) {
      Recorded recorded = due.getKey();
      later(recorded.id());
      try {
        change(recorded, due.getValue());
      } catch (MigratorException ex) {
        logger.debug("{}: its triggers are tried again: {}", recorded.id(), ex.getMessage());
      } catch (DataAccessException | TransactionException ex) {
        if (SqlState.isConnectionLost(ex)) {
          throw ex;
        }
        logger.debug("{}: its triggers are tried again: {}", recorded.id(), SqlState.describe(ex));
      }
    }
  }

  private boolean areEarlierThere() {
    return database.read(state::areEarlierThere);
  }

  private List<Recorded> candidates(Snapshot snapshot, Predicate<String> idle) {
    return snapshot.records().values().stream()
        .filter(it -> it.isKeptInStep() && isCandidate(it) && idle.test(it.id()))
        .toList();
  }

  /**
   * Those whose triggers are to be changed, with what was found of them.
   *
   * @param wakes whether those are asked for that rest
   */
  private Map<Recorded, Fill> due(List<Recorded> all, boolean wakes) {
    List<Recorded> candidates = all.stream().filter(it -> wakes || isTime(it.id())).toList();
    if (candidates.isEmpty()) {
      return Map.of();
    }
    List<Fill> fills = database.read(state::fills);
    Map<Recorded, Fill> due = new LinkedHashMap<>();
    for (Recorded candidate : candidates) {
      RestingState.fill(fills, candidate.id(), wakes)
          .ifPresentOrElse(it -> due.put(candidate, it), () -> later(candidate.id()));
    }
    return due;
  }

  private void change(Recorded recorded, Fill fill) {
    boolean wakes = fill.rests();
    ResolvedColumnChange change = resolve(recorded);
    if (change == null || !(wakes || RestingTriggers.mayRest(change))) {
      return;
    }
    TransactionStep step =
        wakes
            ? RestingTriggers.wake(Phase.DUAL_WRITE, change)
            : RestingTriggers.rest(change, fill.split());
    if (database.inTransaction(() -> attempt(recorded, step, fill))) {
      logger.info(
          wakes
              ? "{}: an instance with an earlier version of the library has come; its triggers do again all they can"
              : "{}: all rows are copied; its triggers do less until they are needed",
          recorded.id());
    }
  }

  private boolean attempt(Recorded recorded, TransactionStep step, Fill fill) {
    database.limits(settings.lock().budget(), timings.limits().statement());
    lease.check();
    if (journal.isHeld(recorded.id())) {
      return false;
    }
    step.locks().forEach(it -> database.execute(it.sql()));
    // With the lock, nobody changes any longer what was found a moment ago.
    boolean wakes = fill.rests();
    if (!state.fills().contains(fill)
        || !(wakes || (state.isVerified(recorded.id()) && !state.areEarlierThere()))) {
      return false;
    }
    step.statements().forEach(database::execute);
    journal.steps().started(recorded.id(), step, LAST);
    journal.steps().done(recorded.id(), step.name());
    return true;
  }

  /**
   * Wakes them. Not for SWITCH_READ where all rows were compared: it looks at none then.
   *
   * @param phase where that belongs to
   * @return whether it may begin; not if told to end or to yield
   */
  boolean wake(Recorded recorded, Phase phase) {
    if (!isCandidate(recorded) || !database.read(() -> state.rests(recorded.id()))) {
      return true;
    }
    ResolvedColumnChange change = resolve(recorded);
    if (change == null) {
      return false;
    }
    if (phase == Phase.SWITCH_READ
        && database.read(() -> state.looksAtNoRow(recorded.id(), change))) {
      return true;
    }
    later(recorded.id());
    return runner.run(
        StepRun.of(recorded.id(), () -> {}), RestingTriggers.wake(phase, change), LAST);
  }

  private @Nullable ResolvedColumnChange resolve(Recorded recorded) {
    return resolver
        .resolve(declarations.get(recorded.id()), Phase.BACKFILL, false)
        .map(it -> it.operations().get(0))
        .filter(ResolvedColumnChange.class::isInstance)
        .map(ResolvedColumnChange.class::cast)
        .orElse(null);
  }

  /** Of a change of columns that stands alone in its migration, as most do. */
  private boolean isCandidate(Recorded recorded) {
    return (recorded.phase() == Phase.BACKFILL || recorded.phase() == Phase.SWITCH_READ)
        && recorded.operations().size() == 1
        && !recorded.byApplication()
        && declarations.contains(recorded.id());
  }

  /** With the look behind the first one: most changes go on at once. */
  private boolean isTime(String id) {
    long now = System.nanoTime();
    Long at = next.putIfAbsent(id, now + timings.background().triggers().toNanos() / 2);
    return at != null && at - now <= 0;
  }

  private void later(String id) {
    next.put(id, System.nanoTime() + pause().toNanos());
  }

  private Duration pause() {
    return timings.background().triggers().multipliedBy(10);
  }
}
