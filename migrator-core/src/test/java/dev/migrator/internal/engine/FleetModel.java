package dev.migrator.internal.engine;

import dev.migrator.DualWrite;
import dev.migrator.Migration;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.fleet.LeaseWatch;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.plan.ApplicationGate;
import dev.migrator.internal.plan.ContractGate;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.plan.Member.Reads;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.plan.UndoGate;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.ContractSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A fleet and its database in memory. What decides is the engine's own: the planner, the gates, the
 * check of a release, the watch over leases. What is played here is only who does what when, and
 * what the database would remember. Each action is one transaction, or one look at a clock.
 */
final class FleetModel {

  private static final String ID = "m";

  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Migration.Expanded ADDED =
      Migration.define(ID).table("t").addColumn("b", "text");

  private static final Migration.Backfilled BY_TRIGGERS = ADDED.dualWrite("a", "b").backfill();

  private static final Migration.Backfilled BY_APPLICATION =
      ADDED.dualWrite("a", "b", DualWrite.byApplication()).backfill();

  /** What of the engine a test leaves out, to see that it is missed. */
  enum Sabotage {
    NOTHING,
    CONTRACT_GATE,
    BACKFILL_GATE,
    RELEASE_GATE,
    GIVE_BACK_GATE,
    CHECK_AT_START,
    CHECK_WHEN_BACK
  }

  private final Random random;

  private final List<Instance> instances = new ArrayList<>();

  private final ContractSettings settings;

  private final Sabotage sabotage;

  private final boolean byApplication;

  /** The releases that a team may deploy, in any order. */
  private final List<List<Migration>> releases;

  private final List<OperationFacts> whole;

  /** Rows whose new side is not what was written last, or is missing, of those without triggers. */
  private boolean newIsBehind = true;

  /** The same of the old side. */
  private boolean oldIsBehind;

  private @Nullable Recorded recorded;

  private boolean paused;

  /** A monotonic clock, the same for all as far as its speed goes. */
  private long seconds;

  /** The database's clock, which somebody may set. */
  private Instant wall = Instant.parse("2026-11-22T12:00:00Z");

  private int deployed;

  private final StringBuilder story = new StringBuilder();

  int contracts;

  int refusals;

  int returns;

  FleetModel(long seed, boolean byApplication, Sabotage sabotage) {
    this.random = new Random(seed);
    this.sabotage = sabotage;
    this.byApplication = byApplication;
    Migration.Backfilled backfilled = byApplication ? BY_APPLICATION : BY_TRIGGERS;
    Migration whole = backfilled.switchRead().dropColumn("a");
    this.whole = Declaration.of("bean", whole).operations();
    Migration turning = backfilled.switchRead(ReadTime.atRuntime());
    this.releases =
        List.of(
            List.of(),
            List.of(backfilled),
            List.of(backfilled.switchRead()),
            List.of(turning),
            List.of(
                byApplication
                    ? whole
                    : backfilled.switchRead(ReadTime.atRuntime()).dropColumn("a")),
            List.of(whole),
            // By the application, this one stands for another that does not use the table.
            List.of(Migration.completed(ID)));
    this.settings =
        ContractSettings.builder()
            .mode(random.nextInt(4) == 0 ? ContractMode.MANUAL : ContractMode.AUTO)
            .soak(Duration.ofSeconds(random.nextInt(3) * 20L))
            .retention(Duration.ofSeconds(random.nextInt(3) * 40L))
            .build();
  }

  void run(int actions) {
    for (int i = 0; i < actions; i++) {
      act();
      for (Instance instance : instances) {
        instance.useTables();
      }
    }
  }

  String story() {
    return story.toString();
  }

  /**
   * Whether a team can still lead the change to its end or to its beginning, by the releases and
   * the commands that there are, whatever has happened so far and though nobody is left.
   */
  boolean canBeFinished() {
    instances.forEach(it -> it.end("is gone at last"));
    return isFinished() || leads(List.of(1, 2, 5), true) || leads(List.of(5, 2, 1, 0), false);
  }

  private boolean isFinished() {
    return recorded == null
        || (recorded.phase() == null && recorded.begun() == null)
        || (recorded.phase() == Phase.CONTRACT && !recorded.undoing());
  }

  /** Deploys releases one after the other, each until nothing moves any longer. */
  private boolean leads(List<Integer> path, boolean forward) {
    Instance before = null;
    for (int release : path) {
      Instance next = new Instance(release);
      instances.add(next);
      deployed++;
      for (int turn = 0; turn < 80 && !isFinished(); turn++) {
        next.execute(forward ? OperatorCommand.RESUME : OperatorCommand.UNDO);
        if (forward) {
          next.execute(OperatorCommand.CONTRACT);
        }
        if (before != null && next.state == State.SERVING) {
          before.end("is replaced");
          before = null;
        }
        next.work();
        if (before != null) {
          before.work();
        }
        seconds += 15;
        wall = wall.plusSeconds(15);
        for (Instance instance : instances) {
          instance.beat();
          instance.look();
        }
        if (next.state == State.SERVING) {
          next.useTables();
        }
      }
      if (isFinished()) {
        next.end("is not needed any longer");
        return true;
      }
      if (next.state == State.ENDED) {
        continue;
      }
      if (before != null) {
        before.end("yields");
      }
      before = next;
    }
    if (before != null) {
      before.end("has come to nothing");
    }
    return isFinished();
  }

  private void act() {
    pass(random.nextInt(4));
    List<Instance> there = instances.stream().filter(it -> it.state != State.ENDED).toList();
    if (there.isEmpty() || random.nextInt(12) == 0) {
      if (there.size() < 4) {
        // The later, the later releases: or hardly a change would ever come to its end.
        int release = Math.min(random.nextInt(releases.size()) + deployed / 4, releases.size() - 1);
        if (byApplication && random.nextInt(4) > 0) {
          // Those that go from one release to the next, or hardly one would ever serve.
          release = Math.min(deployed / 2, 5);
        }
        instances.add(new Instance(release));
        deployed++;
      }
      return;
    }
    Instance instance = there.get(random.nextInt(there.size()));
    switch (random.nextInt(40)) {
      case 0 -> instance.become(State.ENDED, "is killed");
      case 1 -> instance.close();
      case 16 -> {
        if (byApplication) {
          // As in a rolling deploy, the oldest goes, in one way or the other.
          boolean clean = random.nextBoolean();
          instances.stream()
              .filter(Instance::runs)
              .findFirst()
              .ifPresent(clean ? Instance::close : Instance::freeze);
        }
      }
      case 2 -> instance.freeze();
      case 3, 4, 14, 15 -> instance.thaw();
      case 5 -> instance.execute(OperatorCommand.UNDO);
      case 17 -> {
        if (random.nextInt(4) == 0) {
          instance.execute(OperatorCommand.PAUSE);
        }
      }
      case 6 -> instance.execute(OperatorCommand.RESUME);
      case 20, 21 -> {
        if (paused) {
          instance.execute(OperatorCommand.RESUME);
        }
      }
      case 7 -> instance.execute(OperatorCommand.CONTRACT);
      case 18, 19 -> {
        // Or hardly one would be undone while somebody is away.
        if (recorded != null && recorded.oldSide() == OldSide.RELEASED) {
          int what = random.nextInt(5);
          if (what < 2) {
            instance.freeze();
          } else if (what == 2) {
            pass(45); // so that it is presumed dead
          } else {
            instance.execute(OperatorCommand.UNDO);
          }
        }
      }
      case 8 -> pass(10 + random.nextInt(60));
      case 9 -> {
        wall = wall.plusSeconds(random.nextInt(7200) - 3600L);
        tell("the database's clock is set to " + wall);
      }
      case 10, 11, 12 -> instance.beat();
      case 13 -> instance.look();
      default -> instance.work();
    }
  }

  /** Nobody runs on time: each instance may or may not get to its next heartbeat. */
  private void pass(int time) {
    for (int i = 0; i < time; i++) {
      seconds++;
      wall = wall.plusSeconds(1);
      for (Instance instance : instances) {
        if (random.nextInt(8) == 0) {
          instance.beat();
        }
        if (random.nextInt(4) == 0) {
          instance.look();
        }
      }
    }
  }

  private void tell(String what) {
    story.append(seconds).append("s ").append(what).append('\n');
  }

  private Recorded recordedOr(Declarations declarations) {
    return (recorded != null) ? recorded : declarations.recorded(ID, snapshot(Fleet.EMPTY));
  }

  private Snapshot snapshot(Fleet fleet) {
    return new Snapshot((recorded == null) ? Map.of() : Map.of(ID, recorded), wall, fleet);
  }

  private void record(@Nullable Phase phase, boolean undoing, boolean undone, boolean approved) {
    record(phase, phase, undoing, undone, approved, OldSide.KEPT);
  }

  private void record(
      @Nullable Phase phase,
      @Nullable Phase begunPhase,
      boolean undoing,
      boolean undone,
      boolean approved,
      OldSide oldSide) {
    recorded =
        new Recorded(
            ID,
            "t",
            phase,
            begunPhase,
            (begunPhase == null)
                ? List.of()
                : whole.stream().map(it -> it.upTo(begunPhase)).toList(),
            wall,
            approved,
            paused,
            undoing,
            undone,
            null,
            (phase == Phase.CONTRACT) ? wall.plus(settings.retention()) : null,
            false,
            oldSide);
  }

  private @Nullable Phase phase() {
    return (recorded == null) ? null : recorded.phase();
  }

  private enum State {
    STARTING,
    SERVING,
    REFUSED,
    ENDED
  }

  /** One JVM. */
  private final class Instance {

    private final UUID key = UUID.randomUUID();

    private final Declarations declarations;

    private final @Nullable Declaration declaration;

    private final String name;

    private final boolean atRuntime;

    private final LeaseWatch watch =
        new LeaseWatch(() -> TimeUnit.SECONDS.toNanos(seconds), Timings.defaults());

    private State state = State.STARTING;

    private boolean frozen;

    // What the database remembers of it.

    private boolean registered;

    private @Nullable Instant leftAt;

    private long beats;

    private @Nullable Reads reads;

    // What it knows itself.

    private long goodUntil;

    private boolean readsNew;

    private long turnedAt = Long.MIN_VALUE / 2;

    /** A request that has asked which side to read, and reads it now. */
    private boolean asked;

    private long askedAt = Long.MIN_VALUE / 2;

    /** Has said that it waits in its start, and is not counted by an undo. */
    private boolean waits;

    /** Has found all that it needs at some moment. */
    private boolean found;

    Instance(int release) {
      this.declarations =
          new Declarations(
              releases.get(release).stream().map(it -> Declaration.of("bean", it)).toList());
      this.declaration = declarations.find(ID);
      this.atRuntime = declaration != null && declaration.readsAtRuntime();
      this.name = "instance " + instances.size() + " of release " + release;
      register();
      tell(name + " registers");
    }

    private void become(State next, String how) {
      if (state != State.ENDED && state != next) {
        state = next;
        tell(name + " " + how);
      }
    }

    private boolean runs() {
      return !frozen && (state == State.STARTING || state == State.SERVING);
    }

    private boolean mayServe() {
      return seconds < goodUntil;
    }

    private void register() {
      registered = true;
      leftAt = null;
      beats++;
      reads = null;
    }

    private void renewed() {
      goodUntil = seconds + LEASE.toSeconds() * 2 / 3;
    }

    private void close() {
      if (runs()) {
        leftAt = wall;
        become(State.ENDED, "ends");
      }
    }

    /** Ends, and is known to have ended. */
    private void end(String how) {
      leftAt = (leftAt == null) ? wall : leftAt;
      waits = false;
      frozen = false;
      become(State.ENDED, how);
    }

    private void freeze() {
      if (runs()) {
        frozen = true;
        tell(name + " freezes");
      }
    }

    private void thaw() {
      if (frozen) {
        frozen = false;
        tell(name + " wakes up");
      }
    }

    private void beat() {
      if (!runs() || state == State.STARTING) {
        if (runs() && leftAt == null) {
          beats++;
        }
        return;
      }
      if (leftAt == null) {
        beats++;
        renewed();
        return;
      }
      register();
      readsNew = false;
      try {
        if (sabotage != Sabotage.CHECK_WHEN_BACK) {
          new ReleaseCheck(declarations, "self").checkAgain(snapshot(Fleet.EMPTY));
        }
      } catch (NotReadyException ex) {
        leftAt = wall;
        refusals++;
        become(State.REFUSED, "was away and is refused");
        return;
      }
      startAnew();
      renewed();
      tell(name + " was away and comes back");
    }

    private void startAnew() {
      askedAt = Long.MIN_VALUE / 2;
      if (atRuntime && readable()) {
        readsNew = true;
        reads = Reads.NEW;
      }
    }

    private boolean readable() {
      return phase() == Phase.CONTRACT
          || (phase() == Phase.SWITCH_READ
              && recorded != null
              && (!recorded.undoing() || recorded.oldSide() != OldSide.KEPT));
    }

    /** The read switch looks where it stands. */
    private void look() {
      if (!runs() || !atRuntime || leftAt != null || state == State.STARTING) {
        return;
      }
      if (readable() && !readsNew) {
        reads = Reads.BOTH;
        readsNew = true;
        turnedAt = seconds;
      } else if (!readable() && readsNew) {
        readsNew = false;
        reads = Reads.BOTH;
        turnedAt = seconds;
      } else if (reads == Reads.BOTH && seconds - turnedAt > GRACE.toSeconds()) {
        reads = readsNew ? Reads.NEW : null;
      }
    }

    private Member member(boolean gone) {
      return new Member(
          name,
          "app",
          "r",
          wall,
          wall,
          wall,
          (leftAt != null) ? leftAt : gone ? wall : null,
          declared(),
          (reads == null) ? Map.of() : Map.of(ID, reads),
          List.of());
    }

    private Map<String, Member.Declared> declared() {
      Map<String, Member.Declared> declared = new HashMap<>(declarations.declared());
      declared.replaceAll((id, it) -> it.waiting(waits));
      return declared;
    }

    /** What the others look like to this one. */
    private Fleet fleet() {
      return new Fleet(
          instances.stream()
              .filter(it -> it.registered)
              .map(
                  it ->
                      it.member(it.leftAt == null && watch.isPresumedDead(it.key, it.beats, LEASE)))
              .toList());
    }

    private Fleet fleetAfterMarking() {
      for (Instance other : instances) {
        if (other.leftAt == null && watch.isPresumedDead(other.key, other.beats, LEASE)) {
          other.leftAt = wall;
          tell(other.name + " is presumed dead by " + name);
        }
      }
      return new Fleet(instances.stream().map(it -> it.member(false)).toList());
    }

    private void execute(OperatorCommand command) {
      if (!runs() || recorded == null) {
        return;
      }
      Recorded before = recorded;
      if (OperatorCommands.refusal(command, before) != null) {
        return;
      }
      Phase begun = before.begun();
      if (command == OperatorCommand.UNDO && begun != null) {
        if (UndoGate.refusal(ID, begun, fleetAfterMarking()) == null) {
          record(
              before.phase(),
              begun,
              true,
              before.undone(),
              before.contractApproved(),
              before.oldSide());
          tell(name + " is told to undo " + begun);
        }
      } else if (command == OperatorCommand.PAUSE) {
        paused = true;
        record(
            before.phase(),
            begun,
            before.undoing(),
            before.undone(),
            before.contractApproved(),
            before.oldSide());
        tell(name + " is told to pause");
      } else if (command == OperatorCommand.RESUME) {
        // Half of a step is nothing to go on from; the command is refused.
        boolean half = before.undoing() && before.oldSide() == OldSide.RETURNING;
        if (!half) {
          paused = false;
          record(before.phase(), begun, false, false, before.contractApproved(), before.oldSide());
          tell(name + " is told to resume");
        }
      } else if (command == OperatorCommand.CONTRACT) {
        record(before.phase(), begun, before.undoing(), before.undone(), true, before.oldSide());
      }
    }

    /** The next thing that the background, or the start, does. */
    private void work() {
      if (!runs()) {
        return;
      }
      if (state == State.STARTING) {
        start();
        return;
      }
      lead(Phase.CONTRACT);
    }

    private void start() {
      try {
        if (sabotage != Sabotage.CHECK_AT_START) {
          new ReleaseCheck(declarations, "self").check(snapshot(Fleet.EMPTY));
        }
      } catch (NotReadyException ex) {
        leftAt = wall;
        refusals++;
        become(State.ENDED, "is refused at its start");
        return;
      }
      boolean lacks =
          declaration != null
              && declaration.usesNewSide()
              && !declaration.mayServe(recordedOr(declarations));
      if (lacks) {
        found = false;
        if (!waits) {
          waits = true;
          tell(name + " waits");
        }
        lead(declaration.needed());
        if (random.nextInt(30) == 0) {
          leftAt = wall;
          become(State.ENDED, "gives up its start");
        }
      } else if (waits && !found) {
        found = true;
      } else if (waits) {
        // It looks again when the others count it.
        waits = false;
        tell(name + " is counted");
      } else {
        state = State.SERVING;
        beats++;
        // In the engine the heartbeat that began at the registration has renewed the lease; one
        // that was presumed dead while it started comes back by its next beat.
        goodUntil = (leftAt == null) ? seconds + LEASE.toSeconds() * 2 / 3 : seconds;
        if (leftAt == null) {
          startAnew();
        }
        tell(name + " serves");
      }
    }

    private void lead(Phase last) {
      Snapshot snapshot = snapshot(fleet());
      Decision decision = declarations.decide(ID, snapshot, settings);
      Recorded now = recordedOr(declarations);
      if (decision instanceof Decision.Advance advance && last.includes(advance.phase())) {
        advance(advance.phase(), now);
      } else if (decision instanceof Decision.ReleaseOld && last.includes(Phase.SWITCH_READ)) {
        releaseOld(now);
      } else if (decision instanceof Decision.Undo back) {
        undoTo(back.phase(), now);
      }
    }

    private void advance(Phase phase, Recorded now) {
      if (phase == Phase.CONTRACT && sabotage != Sabotage.CONTRACT_GATE) {
        Fleet left = fleetAfterMarking();
        if (ContractGate.check(declarations.get(ID), now, left, settings, wall) != null) {
          return;
        }
      }
      if (phase == Phase.BACKFILL && byApplication) {
        if (now.begun() != Phase.BACKFILL) {
          boolean open =
              sabotage == Sabotage.BACKFILL_GATE
                  || ApplicationGate.backfill(ID, fleetAfterMarking()).isEmpty();
          if (open) {
            record(now.phase(), phase, false, now.undone(), false, OldSide.KEPT);
            tell(name + " begins the backfill");
          }
          return;
        }
        require(!oldIsBehind, "brings rows over from an old side that is behind");
        newIsBehind = false;
      }
      record(phase, phase, false, now.undone(), now.contractApproved(), now.oldSide());
      contracts += (phase == Phase.CONTRACT) ? 1 : 0;
      tell(name + " reaches " + phase);
    }

    private void releaseOld(Recorded now) {
      if (now.begun() != Phase.CONTRACT) {
        record(
            now.phase(), Phase.CONTRACT, false, now.undone(), now.contractApproved(), OldSide.KEPT);
        tell(name + " begins the contract");
        return;
      }
      require(!newIsBehind, "finds rows that were written on one side only");
      boolean open =
          sabotage == Sabotage.RELEASE_GATE
              || ApplicationGate.release(ID, fleetAfterMarking()).isEmpty();
      if (open) {
        record(
            now.phase(),
            Phase.CONTRACT,
            false,
            now.undone(),
            now.contractApproved(),
            OldSide.RELEASED);
        tell(name + " releases the old side");
      }
    }

    private void undoTo(Phase phase, Recorded now) {
      boolean approved = now.contractApproved();
      if (now.oldSide() == OldSide.RELEASED && now.phase() == Phase.CONTRACT) {
        record(Phase.SWITCH_READ, Phase.CONTRACT, true, false, approved, OldSide.RELEASED);
        tell(name + " brings the old side back");
      } else if (now.oldSide() == OldSide.RELEASED) {
        boolean open =
            sabotage == Sabotage.GIVE_BACK_GATE
                || ApplicationGate.restore(ID, fleetAfterMarking()).isEmpty();
        if (open) {
          record(Phase.SWITCH_READ, Phase.CONTRACT, true, false, approved, OldSide.RETURNING);
          tell(name + " asks for the old side again");
        }
      } else {
        returns += (now.oldSide() == OldSide.RETURNING) ? 1 : 0;
        oldIsBehind &= now.oldSide() != OldSide.RETURNING;
        record(
            phase == Phase.EXPAND ? null : Phase.values()[phase.ordinal() - 1], false, true, false);
        tell(name + " undoes " + phase);
      }
    }

    /** Every read and write that the code knows must be possible. */
    private void useTables() {
      if (frozen || state != State.SERVING || !mayServe()) {
        return;
      }
      if (byApplication) {
        writeAndReadByItself();
        return;
      }
      if (!atRuntime) {
        boolean whole =
            declarations.isCompleted(ID)
                || (declaration != null && declaration.declares() == Phase.CONTRACT);
        if (!whole) {
          require(phase() != Phase.CONTRACT, "needs the old side");
        }
        if (declaration != null && declaration.readsNewSide()) {
          require(provedEqual(), "reads the new side");
        }
        return;
      }
      if (asked()) {
        require(provedEqual(), "reads the new side");
      } else {
        require(phase() != Phase.CONTRACT, "reads the old side");
      }
    }

    /** Nothing makes up for a side that it does not write. */
    private void writeAndReadByItself() {
      if (declarations.isCompleted(ID)) {
        return;
      }
      boolean writesNew = declaration != null;
      boolean writesOld = !writesNew || !declaration.writesNewSideOnly();
      if (writesNew) {
        require(phase() != null, "writes the new side");
      }
      if (writesOld) {
        require(phase() != Phase.CONTRACT, "writes the old side");
      }
      if (!writesOld) {
        boolean released = recorded != null && recorded.oldSide() == OldSide.RELEASED;
        require(released, "does not write the old side, which is not released,");
      }
      newIsBehind |= !writesNew;
      oldIsBehind |= !writesOld;
      if (writesNew && (atRuntime ? asked() : declaration.readsNewSide())) {
        require(phase() != null && !newIsBehind, "reads the new side, which is behind,");
      } else {
        require(phase() != Phase.CONTRACT && !oldIsBehind, "reads the old side, which is behind,");
      }
    }

    /** The answer that a request has got which is under way now. */
    private boolean asked() {
      boolean under = seconds - askedAt <= GRACE.toSeconds() && random.nextInt(3) > 0;
      if (!under) {
        asked = readsNew;
        askedAt = seconds;
      }
      return asked;
    }

    private boolean provedEqual() {
      return phase() != null && phase().includes(Phase.BACKFILL);
    }

    private void require(boolean there, String what) {
      if (!there) {
        throw new AssertionError(
            "%s %s, and the change is at %s\n%s".formatted(name, what, phase(), story));
      }
    }
  }
}
