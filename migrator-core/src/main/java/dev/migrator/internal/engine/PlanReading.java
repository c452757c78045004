package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.plan.PlannedMigration.State;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plans one migration after the other, from what the journal and the fleet were at one moment. */
final class PlanReading {

  private final Declarations declarations;

  private final ContractSettings contract;

  private final Snapshot snapshot;

  private final StepForecast steps;

  private final PhaseForecast forecast;

  private final Map<String, PlannedMigration> planned = new LinkedHashMap<>();

  PlanReading(
      Declarations declarations,
      ContractSettings contract,
      Snapshot snapshot,
      StepForecast steps,
      RestingState resting) {
    this.declarations = declarations;
    this.contract = contract;
    this.snapshot = snapshot;
    this.steps = steps;
    this.forecast =
        new PhaseForecast(
            declarations, contract, snapshot, steps, new RestForecast(resting, steps));
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** Those that were planned so far. */
  Collection<PlannedMigration> planned() {
    return planned.values();
  }

  /** What the tables are like that were looked at so far. */
  String catalog() {
    return steps.catalog();
  }

  /** Plans one, behind those that come before it. */
  PlannedMigration plan(String id) {
    PlannedMigration migration = migration(id);
    planned.put(id, migration);
    return migration;
  }

  /**
   * Whether one of those that cannot be done as declared has moved since the journal was read.
   *
   * @param journal what it says now
   */
  boolean isOvertaken(Supplier<Snapshot> journal) {
    List<String> problems =
        planned.values().stream()
            .filter(it -> it.problem() != null)
            .map(PlannedMigration::id)
            .toList();
    if (problems.isEmpty()) {
      return false;
    }
    Snapshot now = steps.look(journal);
    return problems.stream()
        .anyMatch(
            it -> declarations.recorded(it, snapshot).hasMoved(declarations.recorded(it, now)));
  }

  private PlannedMigration migration(String id) {
    Declaration declaration = declarations.find(id);
    Recorded recorded = declarations.recorded(id, snapshot);
    Decision decision = declarations.decide(id, snapshot, contract);
    List<Hold> holds = (decision instanceof Decision.Wait wait) ? wait.holds() : List.of();
    List<String> after = List.of();
    if (holds.stream().anyMatch(it -> it.reason() == Reason.OTHER_MIGRATION)) {
      List<Declaration> blockers = declarations.precedence().before(id, snapshot);
      if (!blockers.isEmpty() && blockers.stream().allMatch(it -> isOnItsWay(it, declaration))) {
        after = blockers.stream().map(Declaration::id).toList();
        holds = List.of();
      }
    }
    PhaseForecast.Result left = forecast.of(id, recorded, decision);
    return new PlannedMigration(
        id,
        (declaration == null) ? null : declaration.bean(),
        (declaration == null) ? recorded.table() : declaration.tables(),
        recorded.phase(),
        (declaration == null) ? null : declaration.declares(),
        state(recorded, decision, holds, after, left),
        after,
        (recorded.phase() == Phase.CONTRACT) ? List.of() : holds,
        left.problem(),
        left.phases());
  }

  /** Of a file, and of what comes behind one, only the first phase is waited for. */
  private boolean isOnItsWay(Declaration blocker, @Nullable Declaration blocked) {
    PlannedMigration other = planned.get(blocker.id());
    if (other == null || (other.state() != State.RUNS && other.state() != State.FOLLOWS)) {
      return false;
    }
    boolean file = blocker.isFile() || (blocked != null && blocked.isFile());
    return file || other.phases().stream().allMatch(it -> it.holds().isEmpty());
  }

  private static State state(
      Recorded recorded,
      Decision decision,
      List<Hold> holds,
      List<String> after,
      PhaseForecast.Result left) {
    if (recorded.failure() != null || (left.problem() != null && after.isEmpty())) {
      return State.FAILED;
    }
    if (recorded.undoing()) {
      return State.UNDOING;
    }
    if (recorded.phase() == Phase.CONTRACT || decision instanceof Decision.Reached) {
      return State.REACHED;
    }
    if (!after.isEmpty()) {
      return State.FOLLOWS;
    }
    return holds.isEmpty() ? State.RUNS : State.HELD;
  }
}
