package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.OutageLog;
import dev.migrator.internal.sql.Outages;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * What has to be there before this release serves. One instance does it, the others look now and
 * then, without a transaction in between, whether it is done.
 */
final class Startup {

  private static final Logger logger = LoggerFactory.getLogger(Startup.class);

  private static final long NOT_ASKING = Long.MAX_VALUE;

  private static final int NAMED = 10;

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final StartCheck check;

  private final MigrationExecutor rounds;

  private final Leadership leadership;

  private final BackfillWorkers workers;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final OutageLog outage;

  private final Timings.Start timings;

  private final Consumer<Boolean> waits;

  private final StartProgress progress;

  /** From when on the leader is asked to yield. */
  private long askFrom = NOT_ASKING;

  Startup(
      Database database,
      Journal journal,
      Declarations declarations,
      StartCheck check,
      MigrationExecutor rounds,
      Leadership leadership,
      BackfillWorkers workers,
      MigratorSettings settings,
      StopSignal signal,
      Outages outages,
      Timings timings,
      Consumer<Boolean> waits) {
    this.database = database;
    this.waits = waits;
    this.journal = journal;
    this.declarations = declarations;
    this.check = check;
    this.rounds = rounds;
    this.leadership = leadership;
    this.workers = workers;
    this.settings = settings;
    this.signal = signal;
    this.outage = outages.of(logger, "the start is interrupted");
    this.timings = timings.start();
    this.progress = new StartProgress(database, journal, declarations, rounds);
  }

  /**
   * Does what is needed, again after each connection that was lost, as the background work does.
   *
   * @param first done before anything else, and harmless if it is done again
   * @return what the journal said, if there was nothing to do
   */
  @Nullable Snapshot runThroughOutages(Runnable first) {
    long limit = Math.min(settings.startupLimit().toNanos(), timings.outage().toNanos());
    long giveUp = System.nanoTime() + limit;
    while (true) {
      try {
        first.run();
        Snapshot snapshot = run();
        outage.ended();
        return snapshot;
      } catch (DataAccessException | TransactionException | StepFailedException ex) {
        if (!SqlState.isConnectionLost(ex)
            || System.nanoTime() - giveUp > 0
            || signal.isRequested()) {
          throw ex;
        }
        outage.failed(ex);
        signal.pause(timings.lookAgain());
      }
    }
  }

  private @Nullable Snapshot run() {
    Snapshot snapshot = check.begin();
    if (waiting(snapshot).isEmpty()) {
      return snapshot;
    }
    long start = System.nanoTime();
    boolean mustHave = waiting(snapshot).stream().anyMatch(Declaration::usesNewSide);
    Duration limit =
        mustHave || settings.startupLimit().compareTo(timings.patience()) < 0
            ? settings.startupLimit()
            : timings.patience();
    try {
      waits.accept(true);
      rounds.yieldAt(start + limit.toNanos());
      rounds.starting(true);
      rounds.checkBeforeFirstPhase(snapshot);
      until(start + limit.toNanos());
      waits.accept(false);
    } finally {
      rounds.starting(false);
      workers.dismiss();
      rounds.yieldAt(Long.MAX_VALUE);
      leadership.resign();
    }
    return null;
  }

  private void until(long giveUp) {
    long logged = System.nanoTime();
    Snapshot done = null;
    while (true) {
      long looked = System.nanoTime();
      // Whoever seems to be ready looks again when it counts.
      Snapshot snapshot =
          (done != null && waiting(done).isEmpty()) ? done : rounds.snapshotOfStart();
      List<Declaration> waiting = waiting(snapshot);
      if (waiting.isEmpty() && isReadyWhenCounted()) {
        return;
      }
      if (signal.isRequested()) {
        refuseToServe(waiting, snapshot);
        return;
      }
      if (System.nanoTime() > giveUp) {
        giveUp(waiting, snapshot);
        return;
      }
      if (System.nanoTime() - logged > timings.log().toNanos()) {
        logged = System.nanoTime();
        waiting.stream()
            .limit(NAMED)
            .forEach(it -> logger.info("waiting for {}", progress.describe(it, snapshot)));
      }
      done = work(waiting, snapshot);
      if (done == null) {
        Duration look = Duration.ofNanos(System.nanoTime() - looked);
        signal.pause(LookPause.after(look, timings.lookAgain()));
      }
    }
  }

  /** An undo may have been accepted while this instance was not counted. */
  private boolean isReadyWhenCounted() {
    waits.accept(false);
    if (waiting(rounds.snapshotOfStart()).isEmpty()) {
      return true;
    }
    waits.accept(true);
    return false;
  }

  /** Returns what is known behind what was done; {@code null} if nothing was by this instance. */
  private @Nullable Snapshot work(List<Declaration> waiting, Snapshot snapshot) {
    Set<Declaration> before = before(waiting, snapshot);
    if (Stream.concat(before.stream(), waiting.stream())
        .noneMatch(it -> isDue(rounds.decide(it.id(), snapshot)))) {
      // What it waits for is for others to do or to say.
      askFrom = NOT_ASKING;
      leadership.resign();
      workers.help();
      return null;
    }
    boolean brief = waiting.stream().anyMatch(it -> isBrief(it, snapshot));
    if (!leadership.tryLead(Purpose.START)) {
      askToLead(brief ? Purpose.BRIEF_START : Purpose.START);
      workers.help();
      return null;
    }
    boolean guest = leadership.isGuest();
    askFrom = NOT_ASKING;
    try {
      boolean worked = false;
      Snapshot known = snapshot;
      for (Declaration declaration : before) {
        known = rounds.refreshed(known, declaration.id());
        if (isDue(rounds.decide(declaration.id(), known))) {
          known = rounds.advance(declaration.id(), Phase.CONTRACT, known);
          worked = true;
        }
      }
      for (Declaration declaration : withContracts(waiting, snapshot)) {
        known = rounds.refreshed(known, declaration.id());
        if (isDue(rounds.decide(declaration.id(), known))) {
          // The start that has yielded to this one goes on with what takes long before this one
          // does.
          Phase needed = declaration.needed();
          boolean all = !guest || Phase.DUAL_WRITE.includes(needed);
          known = advance(declaration, all ? needed : Phase.DUAL_WRITE, known);
          worked = true;
          if (declaration.isFileOfContract()) {
            known = contractIfOpen(declaration, known);
          }
        }
      }
      if (guest) {
        leadership.yieldLead();
      }
      return (worked && !leadership.yieldIfAsked()) ? known : null;
    } catch (LeaseLostException ex) {
      logger.info("another instance has taken the work over");
      leadership.resign();
      return null;
    }
  }

  private Snapshot advance(Declaration declaration, Phase last, Snapshot known) {
    try {
      return rounds.advance(declaration.id(), last, known);
    } catch (StepFailedException ex) {
      String held =
          declaration.isFile()
              ? declarations.precedence().heldBefore(declaration, rounds.snapshot())
              : null;
      throw (held == null)
          ? ex
          : new StepFailedException(
              ErrorCode.NEEDED_STEP_FAILED,
              "%s The file %s comes before it and is still held; if this one needs that to be done, say \"-- migrator: after %s\" in its first line."
                  .formatted(ex.getMessage(), held, held),
              ex);
    }
  }

  /**
   * Where no other instance is left that needs what a file takes away, as on a new database, it
   * goes before those that come behind it, so that the history is the same everywhere. Nobody waits
   * for it otherwise, nor because it fails: this release can serve without it.
   */
  private Snapshot contractIfOpen(Declaration declaration, Snapshot known) {
    try {
      return rounds.advance(declaration.id(), Phase.CONTRACT, known);
    } catch (StepFailedException ex) {
      logger.error(ex.getMessage());
      return rounds.refreshed(known, declaration.id());
    }
  }

  /**
   * Adding columns and triggers takes moments. A leader that is at something longer is asked to let
   * this go first: nobody needs to lead while the workers of all instances copy rows. What takes
   * longer itself goes before what is done in the background only.
   */
  private void askToLead(Purpose purpose) {
    long now = System.nanoTime();
    if (askFrom == NOT_ASKING) {
      askFrom = now + timings.askAfter().toNanos();
    } else if (now - askFrom > 0) {
      leadership.ask(purpose);
    }
  }

  private boolean isBrief(Declaration declaration, Snapshot snapshot) {
    return rounds.isUpTo(Phase.DUAL_WRITE, declaration.id(), snapshot);
  }

  private static boolean isDue(Decision decision) {
    return decision instanceof Decision.Advance || decision instanceof Decision.ReleaseOld;
  }

  /**
   * What this release declares to the end, and what holds up a migration that the start waits for:
   * nobody else would finish it in a fresh database, and the background work begins later.
   */
  private Set<Declaration> before(List<Declaration> waiting, Snapshot snapshot) {
    Set<Declaration> before = new LinkedHashSet<>();
    waiting.forEach(it -> before.addAll(declarations.precedence().before(it.id(), snapshot)));
    return before;
  }

  /**
   * With the files of contracts between them, which nobody waits for, but which go in their place.
   */
  private List<Declaration> withContracts(List<Declaration> waiting, Snapshot snapshot) {
    Set<String> ids = waiting.stream().map(Declaration::id).collect(Collectors.toSet());
    return declarations.all().stream()
        .filter(
            it ->
                ids.contains(it.id())
                    || (it.isFileOfContract()
                        && declarations.recorded(it.id(), snapshot).phase() == null))
        .toList();
  }

  private List<Declaration> waiting(Snapshot snapshot) {
    List<Declaration> waiting = new ArrayList<>();
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = declarations.recorded(declaration.id(), snapshot);
      if (declaration.mayServe(recorded)) {
        continue;
      }
      Decision decision = rounds.decide(declaration.id(), snapshot);
      boolean mustHave = declaration.usesNewSide();
      if (isDue(decision) || mustHave) {
        refuseIfFailed(declaration, recorded, mustHave);
        waiting.add(declaration);
      }
    }
    return waiting;
  }

  private static void refuseIfFailed(Declaration declaration, Recorded recorded, boolean mustHave) {
    if (mustHave && recorded.failure() != null) {
      throw new StepFailedException(
          ErrorCode.NEEDED_STEP_FAILED,
          "%s: this release %s, which is not ready: %s"
              .formatted(declaration.where(), declaration.use(), recorded.failure()),
          null);
    }
  }

  /** Told to stop, or refused, in the middle of the start. */
  private void refuseToServe(List<Declaration> waiting, Snapshot snapshot) {
    for (Declaration declaration : waiting) {
      if (declaration.usesNewSide()) {
        throw new NotReadyException(
            ErrorCode.START_ENDED,
            "%s: the start was broken off while it waited for %s"
                .formatted(declaration.where(), progress.describe(declaration, snapshot)));
      }
    }
  }

  private void giveUp(List<Declaration> waiting, Snapshot snapshot) {
    for (Declaration declaration : waiting) {
      if (declaration.usesNewSide()) {
        throw new NotReadyException(
            ErrorCode.START_TOO_LONG,
            "%s: this release %s, which is not ready after %s: %s. Start it again later, or give it more time by migrator.startup-limit."
                .formatted(
                    declaration.where(),
                    declaration.use(),
                    settings.startupLimit(),
                    progress.describe(declaration, snapshot)));
      }
      logger.warn(
          "{} after {}; this release can serve without it, the work goes on in the background",
          progress.describe(declaration, snapshot),
          timings.patience());
    }
  }
}
