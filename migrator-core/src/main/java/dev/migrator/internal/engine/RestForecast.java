package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.FillTriggers.Fill;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.operation.column.ResolvedColumnChange;
import dev.migrator.internal.operation.column.RestingTriggers;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.plan.PlannedPhase;
import dev.migrator.plan.PlannedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a plan has of triggers that will rest, and of those that have to be woken before. */
final class RestForecast {

  private final RestingState state;

  private final StepForecast steps;

  RestForecast(RestingState state, StepForecast steps) {
    this.state = state;
    this.steps = steps;
  }

  /**
   * Adds the steps to the phases of a migration: they rest behind one that is followed by none or
   * by one that is held, and are woken before rows are compared.
   */
  List<PlannedPhase> in(Recorded recorded, ResolvedMigration resolved, List<PlannedPhase> phases) {
    if (resolved.operations().size() != 1
        || !(resolved.operations().get(0) instanceof ResolvedColumnChange change)
        || !RestingTriggers.mayRest(change)) {
      return phases;
    }
    return steps.look(() -> in(recorded, change, phases));
  }

  private List<PlannedPhase> in(
      Recorded recorded, ResolvedColumnChange change, List<PlannedPhase> phases) {
    List<Fill> fills = state.fills();
    Optional<Fill> resting = RestingState.fill(fills, recorded.id(), true);
    Optional<Fill> found = resting.or(() -> RestingState.fill(fills, recorded.id(), false));
    boolean rests = resting.isPresent();
    boolean may = !state.areEarlierThere() && (!recorded.isKeptInStep() || found.isPresent());
    // An earlier version has made one trigger for both sides.
    boolean split = found.map(Fill::split).orElse(true);
    List<PlannedPhase> with = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      PlannedPhase phase = phases.get(i);
      List<PlannedStep> all = new ArrayList<>(phase.steps());
      if (rests && looksAtRows(recorded, phase.phase(), change)) {
        all.add(0, planned(RestingTriggers.wake(phase.phase(), change), change));
        rests = false;
      }
      boolean stays = i + 1 == phases.size() || !phases.get(i + 1).holds().isEmpty();
      if (may && !rests && stays && isRestedBehind(phase.phase())) {
        all.add(planned(RestingTriggers.rest(change, split), change));
        rests = true;
      }
      with.add(new PlannedPhase(phase.phase(), phase.holds(), all));
    }
    return with;
  }

  private PlannedStep planned(TransactionStep step, ResolvedColumnChange change) {
    return steps.of(step, change.table());
  }

  private static boolean isRestedBehind(Phase phase) {
    return phase == Phase.BACKFILL || phase == Phase.SWITCH_READ;
  }

  /** SWITCH_READ of those only that a leader before has left. */
  private boolean looksAtRows(Recorded recorded, Phase phase, ResolvedColumnChange change) {
    return phase != Phase.SWITCH_READ
        || (recorded.phase() == Phase.BACKFILL && !state.looksAtNoRow(recorded.id(), change));
  }
}
