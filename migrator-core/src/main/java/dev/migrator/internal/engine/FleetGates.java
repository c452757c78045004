package dev.migrator.internal.engine;

import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.ApplicationGate;
import dev.migrator.internal.plan.ContractGate;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Asks the fleet in the transaction that changes something. Nobody can register until it ends, so
 * what was true here is true when it commits.
 */
final class FleetGates {

  private final Journal journal;

  private final Registry registry;

  private final ContractHolds others;

  private final ContractSettings settings;

  private volatile boolean starting;

  FleetGates(Journal journal, Registry registry, ContractHolds others, ContractSettings settings) {
    this.journal = journal;
    this.others = others;
    this.registry = registry;
    this.settings = settings;
  }

  /** Whether this instance starts, and finishes what its start needs. */
  void starting(boolean value) {
    this.starting = value;
  }

  boolean isStarting() {
    return starting;
  }

  /** What is to be asked before a step of a declared migration changes anything. */
  Runnable of(Declaration declaration, Step step) {
    String id = declaration.id();
    return switch (step.info().gate()) {
      case NONE, RETENTION -> () -> {};
      case CONTRACT -> () -> requireContract(declaration);
      case RELEASE -> () -> require(it -> ApplicationGate.release(id, it));
      case RESTORE -> () -> require(it -> ApplicationGate.restore(id, it));
    };
  }

  /** What is to be asked before a step that undoes another one changes anything. */
  Runnable ofUndo(String id, Step step) {
    return (step.info().gate() == Gate.RESTORE)
        ? () -> require(it -> ApplicationGate.restore(id, it))
        : () -> {};
  }

  /** That every live instance writes both sides. */
  void requireWriters(String id) {
    require(it -> ApplicationGate.backfill(id, it));
  }

  private void require(Function<Fleet, List<Hold>> gate) {
    if (!gate.apply(registry.close(Duration.ZERO)).isEmpty()) {
      throw new PreconditionChanged();
    }
  }

  void requireContract(Declaration declaration) {
    requireContract(declaration, close());
  }

  /**
   * The same.
   *
   * @param fleet what {@link #close} has returned in this transaction
   */
  void requireContract(Declaration declaration, Fleet fleet) {
    Snapshot snapshot = journal.only(declaration.id());
    Recorded recorded = snapshot.get(declaration.id());
    if (recorded == null || !isContractOpen(declaration, recorded, fleet, snapshot.now())) {
      throw new PreconditionChanged();
    }
  }

  /** Who lives, and who has gone not long ago. Nobody can register until the transaction ends. */
  Fleet close() {
    return registry.close(settings.soak());
  }

  /**
   * Whether the old side may go.
   *
   * @param closed what {@link #close} has returned in this transaction
   */
  private boolean isContractOpen(
      Declaration declaration, Recorded recorded, Fleet closed, Instant now) {
    Fleet fleet = closed.with(Map.of(declaration.id(), others.of(declaration, starting)));
    return ContractGate.check(
            declaration, recorded, starting ? fleet.duringStart() : fleet, settings, now)
        == null;
  }
}
