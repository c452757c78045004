package dev.migrator.internal.engine;

import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.plan.Overlap;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.plan.UndoGate;
import dev.migrator.internal.sql.Database;
import dev.migrator.status.MigrationEvent.Kind;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes an operator's commands, if the state of the migration allows them. */
final class OperatorCommands {

  private static final Logger logger = LoggerFactory.getLogger(OperatorCommands.class);

  private final Database database;

  private final Journal journal;

  private final Registry registry;

  private final Declarations declarations;

  OperatorCommands(
      Database database, Journal journal, Registry registry, Declarations declarations) {
    this.database = database;
    this.registry = registry;
    this.journal = journal;
    this.declarations = declarations;
  }

  /**
   * Checks a command and writes it into the journal.
   *
   * @return whether the migration is known at all
   */
  boolean execute(String id, OperatorCommand command) {
    Integer percent = command.percent();
    if (percent != null) {
      return speed(id, percent, command);
    }
    Phase phase = command.phase();
    boolean undo = command.kind() == OperatorCommand.Kind.UNDO;
    return database.inTransaction(
        () -> {
          // Two commands at once: the second one waits here and then sees what the first one did.
          journal.lock(id);
          Snapshot snapshot = journal.snapshot(List.of(id));
          if (snapshot.get(id) == null && !declarations.contains(id)) {
            return false;
          }
          Recorded state = declarations.recorded(id, snapshot);
          String refusal = refusal(command, state);
          if (refusal == null && phase != null && phase != state.begun()) {
            refusal = "the last phase it has begun is %s, not %s".formatted(state.begun(), phase);
          }
          if (refusal == null && undo) {
            refusal = withoutUndo(state);
          }
          if (refusal == null && undo) {
            refusal = laterChange(state);
          }
          if (refusal == null && undo) {
            // One whose lease is over must look at the journal before it serves again.
            registry.presumeDead();
            refusal = UndoGate.refusal(id, begun(state), registry.read(Duration.ZERO));
          }
          if (refusal != null) {
            throw new CommandRefusedException(
                "%s of migration \"%s\" is refused: %s".formatted(command.name(), id, refusal));
          }
          apply(id, command);
          note(id, command);
          return true;
        });
  }

  private boolean speed(String id, int percent, OperatorCommand command) {
    return database.inTransaction(
        () -> {
          journal.lock(id);
          Recorded recorded = journal.snapshot(List.of(id)).get(id);
          if (recorded == null && !declarations.contains(id)) {
            return false;
          }
          if (recorded == null || recorded.completed()) {
            throw new CommandRefusedException(
                "SPEED of migration \"%s\" is refused: %s"
                    .formatted(
                        id, recorded == null ? "nothing of it has begun" : "it is completed"));
          }
          journal.speed(id, percent);
          note(id, command);
          return true;
        });
  }

  private void note(String id, OperatorCommand command) {
    String operator = (command.operator() == null) ? "an operator" : command.operator();
    journal
        .events()
        .append(id, Kind.COMMAND, command.phase(), "%s by %s".formatted(command, operator));
    logger.info("{}: {} by {}", id, command, operator);
  }

  static @Nullable String refusal(OperatorCommand command, Recorded recorded) {
    Phase phase = recorded.phase();
    if (recorded.completed()) {
      return "it is completed: the retention time, in which it could be undone, is over";
    }
    return switch (command.kind()) {
      case PAUSE ->
          recorded.paused()
              ? "it is paused already"
              : recorded.begun() == null ? "nothing of it has begun" : null;
      case RESUME ->
          (recorded.paused() || recorded.undone()) ? null : "it is neither paused nor undone";
      case RETRY -> (recorded.failure() != null) ? null : "no step of it has failed";
      case CONTRACT -> {
        if (phase == Phase.CONTRACT) {
          yield "it is contracted already";
        }
        if (phase != Phase.SWITCH_READ) {
          yield "it has reached "
              + (phase == null ? "no phase" : phase)
              + "; CONTRACT follows SWITCH_READ";
        }
        yield recorded.contractApproved() ? "it is approved already" : null;
      }
      case UNDO -> undoRefusal(recorded);
      case SPEED -> null;
    };
  }

  private static @Nullable String undoRefusal(Recorded recorded) {
    if (recorded.begun() == null) {
      return "it has reached no phase, so there is nothing to take back";
    }
    return recorded.undoing() ? "it is being undone already" : null;
  }

  private static Phase begun(Recorded recorded) {
    return Objects.requireNonNull(recorded.begun(), "refused before");
  }

  /** A column that a later change was built on cannot be taken away beneath it. */
  private @Nullable String laterChange(Recorded state) {
    if (state.begun() != Phase.CONTRACT) {
      return null;
    }
    boolean later = false;
    for (Recorded other : journal.all().records().values()) {
      boolean shares = later && other.phase() != null && Overlap.shareColumns(state, other);
      if (shares) {
        return "the later migration \"%s\" was built on its columns; take that one back first"
            .formatted(other.id());
      }
      later |= other.id().equals(state.id());
    }
    return null;
  }

  /** What was declared without an undo stays, and so does the phase that it belongs to. */
  private @Nullable String withoutUndo(Recorded state) {
    return journal.steps().records(state.id()).stream()
        .filter(it -> it.undoes() == null && it.state() == StepStatus.State.DONE)
        .map(StepRecord::step)
        .filter(it -> it.phase() == state.begun() && it.info().withoutUndo() != null)
        .findFirst()
        .map(
            it ->
                "its step %s is declared without an undo (%s); make a new migration that does the opposite"
                    .formatted(it.name(), it.info().withoutUndo()))
        .orElse(null);
  }

  private void apply(String id, OperatorCommand command) {
    switch (command.kind()) {
      case PAUSE -> journal.pause(id, true);
      case RESUME -> {
        journal.pause(id, false);
        journal.goOn(id);
      }
      case RETRY -> journal.retry(id);
      case CONTRACT -> journal.approveContract(id);
      case UNDO -> {
        journal.retry(id);
        journal.undo(id);
      }
      case SPEED -> throw new IllegalStateException(command + " has a method of its own");
    }
  }
}
