package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Drift;
import dev.migrator.internal.plan.Planner;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.plan.PlannedPhase;
import dev.migrator.plan.PlannedStep;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** The phases that a migration has before it, each as if those before it were reached. */
final class PhaseForecast {

  private final Declarations declarations;

  private final ContractSettings contract;

  private final Snapshot snapshot;

  private final StepForecast steps;

  private final RestForecast rest;

  PhaseForecast(
      Declarations declarations,
      ContractSettings contract,
      Snapshot snapshot,
      StepForecast steps,
      RestForecast rest) {
    this.declarations = declarations;
    this.contract = contract;
    this.snapshot = snapshot;
    this.steps = steps;
    this.rest = rest;
  }

  Result of(String id, Recorded recorded, Decision decision) {
    Declaration declaration = declarations.find(id);
    if (recorded.completed() || recorded.undoing()) {
      return Result.NOTHING;
    }
    if (recorded.phase() == Phase.CONTRACT) {
      return retained(id, decision);
    }
    Phase next = recorded.next();
    if (declaration == null || next == null || !declaration.declares().includes(next)) {
      return Result.NOTHING;
    }
    try {
      Drift.check(declaration, recorded, "");
      return new Result(phases(declaration, recorded, next), null);
    } catch (MigratorException ex) {
      return new Result(List.of(), String.valueOf(ex.getMessage()));
    } catch (DataAccessException ex) {
      if (!SqlState.isContention(ex)) {
        throw ex;
      }
      return new Result(
          List.of(), "the catalog cannot be read at present: " + SqlState.describe(ex));
    }
  }

  private List<PlannedPhase> phases(Declaration declaration, Recorded recorded, Phase next) {
    List<PlannedPhase> phases = new ArrayList<>();
    ResolvedMigration found = steps.resolve(declaration, recorded.begun() == null);
    ResolvedMigration resolved = found;
    for (Phase phase : Phase.values()) {
      if (phase.includes(next) && declaration.declares().includes(phase)) {
        boolean begun = phase == recorded.begun();
        phases.add(
            new PlannedPhase(
                phase,
                (phase == next && recorded.begun() == phase && phase != Phase.CONTRACT)
                    ? List.of()
                    : holds(declaration, recorded, phase),
                steps.of(declaration.id(), resolved, phase, begun)));
        resolved = resolved.after(phase);
      }
    }
    return rest.in(recorded, found, phases);
  }

  /** What would hold a phase if those before it were reached, and nobody had stopped it. */
  private List<Hold> holds(Declaration declaration, Recorded recorded, Phase phase) {
    Recorded then = recorded.at(Recorded.before(phase));
    Decision decision =
        Planner.decide(declaration, then, null, snapshot.fleet(), contract, snapshot.now());
    return (decision instanceof Decision.Wait wait) ? wait.holds() : List.of();
  }

  /** What is recorded to be dropped when the retention time is over. */
  private Result retained(String id, Decision decision) {
    List<PlannedStep> left = steps.retained(id);
    List<Hold> holds = (decision instanceof Decision.Wait wait) ? wait.holds() : List.of();
    return left.isEmpty()
        ? Result.NOTHING
        : new Result(List.of(new PlannedPhase(Phase.CONTRACT, holds, left)), null);
  }

  /**
   * What is left of one migration.
   *
   * @param phases its phases
   * @param problem why they cannot be planned; {@code null} if they can
   */
  record Result(List<PlannedPhase> phases, @Nullable String problem) {

    static final Result NOTHING = new Result(List.of(), null);

    Result {
      phases = List.copyOf(phases);
    }
  }
}
