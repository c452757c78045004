package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what has to be there before this release serves. One instance does it, the others look now
 * and then, without a transaction in between, whether it is done.
 */
final class StartWork {

  private static final Logger logger = LoggerFactory.getLogger(StartWork.class);

  private static final long NOT_ASKING = Long.MAX_VALUE;

  private static final int NAMED = 10;

  private final Declarations declarations;

  private final StartNeeds needs;

  private final Snapshots snapshots;

  private final Consumer<Snapshot> fits;

  private final MigrationExecutor executor;

  private final Leadership leadership;

  private final BackfillWorkers workers;

  private final MigratorSettings settings;

  private final StopSignal signal;

  private final Timings.Start timings;

  private final Consumer<Boolean> waits;

  private final StartProgress progress;

  /** From when on the leader is asked to yield. */
  private long askFrom = NOT_ASKING;

  /**
   * Makes it.
   *
   * @param fits throws if this release does not fit what has run
   * @param waits told whether this instance waits
   */
  StartWork(
      Declarations declarations,
      StartNeeds needs,
      Snapshots snapshots,
      Consumer<Snapshot> fits,
      WorkParts work,
      MigratorSettings settings,
      StopSignal signal,
      Timings timings,
      Consumer<Boolean> waits,
      StartProgress progress) {
    this.declarations = declarations;
    this.needs = needs;
    this.snapshots = snapshots;
    this.fits = fits;
    this.executor = work.executor();
    this.leadership = work.leadership();
    this.workers = work.workers();
    this.settings = settings;
    this.signal = signal;
    this.timings = timings.start();
    this.waits = waits;
    this.progress = progress;
  }

  /**
   * Does it, or waits for it.
   *
   * @param snapshot what the journal said when the start began
   */
  void run(Snapshot snapshot) {
    long start = System.nanoTime();
    boolean mustHave = needs.of(snapshot).stream().anyMatch(Declaration::usesNewSide);
    Duration limit =
        mustHave || settings.startupLimit().compareTo(timings.patience()) < 0
            ? settings.startupLimit()
            : timings.patience();
    try {
      waits.accept(true);
      executor.yieldAt(start + limit.toNanos());
      executor.starting(true);
      executor.checkBeforeFirstPhase(snapshot);
      until(start + limit.toNanos(), snapshot);
      waits.accept(false);
    } finally {
      executor.starting(false);
      workers.dismiss();
      executor.yieldAt(Long.MAX_VALUE);
      leadership.resign();
    }
  }

  private void until(long giveUp, Snapshot first) {
    long logged = System.nanoTime();
    Snapshot known = first;
    while (true) {
      long looked = System.nanoTime();
      Snapshot snapshot = (known != null) ? known : look();
      List<Declaration> waiting = needs.of(snapshot);
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
      Snapshot done = work(waiting, snapshot);
      // Whoever seems to be ready looks again when it counts.
      known = (done != null && needs.of(done).isEmpty()) ? done : null;
      if (done == null) {
        Duration look = Duration.ofNanos(System.nanoTime() - looked);
        signal.pause(LookPause.after(look, timings.lookAgain()));
      }
    }
  }

  /** An undo may have been accepted while this instance was not counted. */
  private boolean isReadyWhenCounted() {
    waits.accept(false);
    if (needs.of(look()).isEmpty()) {
      return true;
    }
    waits.accept(true);
    return false;
  }

  /** Another release may have begun the same meanwhile, and have declared it otherwise. */
  private Snapshot look() {
    Snapshot snapshot = snapshots.ofStart();
    fits.accept(snapshot);
    return snapshot;
  }

  /** Returns what is known behind what was done; {@code null} if nothing was by this instance. */
  private @Nullable Snapshot work(List<Declaration> waiting, Snapshot snapshot) {
    Set<Declaration> before = before(waiting, snapshot);
    if (Stream.concat(before.stream(), waiting.stream())
        .noneMatch(it -> StartNeeds.isDue(snapshots.decide(it.id(), snapshot)))) {
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
        known = snapshots.refreshed(known, declaration.id());
        if (StartNeeds.isDue(snapshots.decide(declaration.id(), known))) {
          known = executor.advance(declaration.id(), Phase.CONTRACT, known);
          worked = true;
        }
      }
      for (Declaration declaration : withContracts(waiting, snapshot)) {
        known = snapshots.refreshed(known, declaration.id());
        if (StartNeeds.isDue(snapshots.decide(declaration.id(), known))) {
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
      return executor.advance(declaration.id(), last, known);
    } catch (StepFailedException ex) {
      String held =
          declaration.isFile()
              ? declarations.precedence().heldBefore(declaration, snapshots.all())
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
      return executor.advance(declaration.id(), Phase.CONTRACT, known);
    } catch (StepFailedException ex) {
      logger.error(ex.getMessage());
      return snapshots.refreshed(known, declaration.id());
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
    return executor.isUpTo(Phase.DUAL_WRITE, declaration.id(), snapshot);
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
