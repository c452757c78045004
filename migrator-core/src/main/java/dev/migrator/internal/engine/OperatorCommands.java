package dev.migrator.internal.engine;

import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.plan.Overlap;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.plan.Refusal;
import dev.migrator.internal.plan.ReleasesAtHand;
import dev.migrator.internal.plan.UndoGate;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.StartCommand;
import dev.migrator.status.MigrationEvent.Kind;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes an operator's commands, if the state of the migration allows them. */
final class OperatorCommands {

  private static final Logger logger = LoggerFactory.getLogger(OperatorCommands.class);

  /** As long as the rows of instances that have left are kept. */
  private static final Duration EVER = Duration.ofDays(31);

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

  /** Gives those of a start. They may be so already, as each start asks for them. */
  void give(List<StartCommand> commands) {
    for (StartCommand given : commands) {
      try {
        if (!execute(given.migration(), given.command().by("migrator.commands"))) {
          logger.warn("migrator.commands: there is no migration \"{}\"", given.migration());
        }
      } catch (CommandRefusedException ex) {
        logger.info("migrator.commands: {}", ex.getMessage());
      }
    }
  }

  /** Takes what is recorded of migrations as it stands, whoever wrote it. */
  void accept(Set<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    int accepted = database.inTransaction(() -> journal.steps().accept(ids));
    if (accepted > 0) {
      logger.warn(
          "migrator.accept-records: {} recorded steps of {} are accepted as they stand; remove the property now",
          accepted,
          new TreeSet<>(ids));
    }
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
          if (withdrawsApproval(command, state)) {
            journal.withdrawApproval(id);
            note(id, command);
            return true;
          }
          Refusal refusal = refusal(command, state);
          if (refusal == null && phase != null && phase != state.begun()) {
            refusal =
                new Refusal(
                    ErrorCode.OTHER_PHASE,
                    "the last phase it has begun is %s, not %s".formatted(state.begun(), phase));
          }
          if (refusal == null && command.kind() == OperatorCommand.Kind.RESUME) {
            refusal = begunUndo(state);
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
          if (refusal == null && undo) {
            refusal =
                ReleasesAtHand.refusal(state, registry.read(EVER), snapshot.records().values());
          }
          if (refusal != null) {
            throw new CommandRefusedException(
                refusal.code(),
                "%s of migration \"%s\" is refused: %s"
                    .formatted(command.name(), id, refusal.reason()));
          }
          apply(id, command, state);
          note(id, command);
          return true;
        });
  }

  /** An approved contract that has not begun is withdrawn by naming it. */
  static boolean withdrawsApproval(OperatorCommand command, Recorded state) {
    return command.kind() == OperatorCommand.Kind.UNDO
        && command.phase() == Phase.CONTRACT
        && state.contractApproved()
        && !state.undoing()
        && state.begun() == Phase.SWITCH_READ;
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
                recorded == null ? ErrorCode.COMMAND_TOO_EARLY : ErrorCode.COMMAND_TOO_LATE,
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

  static @Nullable Refusal refusal(OperatorCommand command, Recorded recorded) {
    Phase phase = recorded.phase();
    if (recorded.completed()) {
      return new Refusal(
          ErrorCode.COMMAND_TOO_LATE,
          "it is completed: the retention time, in which it could be undone, is over");
    }
    return switch (command.kind()) {
      case PAUSE ->
          recorded.paused()
              ? new Refusal(ErrorCode.COMMAND_REDUNDANT, "it is paused already")
              : recorded.begun() == null
                  ? new Refusal(ErrorCode.COMMAND_TOO_EARLY, "nothing of it has begun")
                  : null;
      case RESUME ->
          (recorded.paused() || recorded.undone() || recorded.undoing())
              ? null
              : new Refusal(
                  ErrorCode.NOTHING_TO_RELEASE,
                  "it is neither paused nor undone, nor is it to be undone");
      case RETRY ->
          (recorded.failure() != null)
              ? null
              : new Refusal(ErrorCode.NOTHING_TO_RELEASE, "no step of it has failed");
      case CONTRACT -> {
        if (phase == Phase.CONTRACT) {
          yield new Refusal(ErrorCode.COMMAND_REDUNDANT, "it is contracted already");
        }
        if (phase != Phase.SWITCH_READ) {
          yield new Refusal(
              ErrorCode.COMMAND_TOO_EARLY,
              "it has reached "
                  + (phase == null ? "no phase" : phase)
                  + "; CONTRACT follows SWITCH_READ");
        }
        yield recorded.contractApproved()
            ? new Refusal(ErrorCode.COMMAND_REDUNDANT, "it is approved already")
            : null;
      }
      case UNDO -> undoRefusal(recorded);
      case SPEED -> null;
    };
  }

  private static @Nullable Refusal undoRefusal(Recorded recorded) {
    if (recorded.begun() == null) {
      return new Refusal(
          ErrorCode.COMMAND_TOO_EARLY, "it has reached no phase, so there is nothing to undo");
    }
    return recorded.undoing()
        ? new Refusal(ErrorCode.COMMAND_REDUNDANT, "it is being undone already")
        : null;
  }

  private static Phase begun(Recorded recorded) {
    return Objects.requireNonNull(recorded.begun(), "refused before");
  }

  /** A column that a later change was built on cannot be taken away beneath it. */
  private @Nullable Refusal laterChange(Recorded state) {
    if (state.begun() != Phase.CONTRACT) {
      return null;
    }
    boolean later = false;
    for (Recorded other : journal.all().records().values()) {
      boolean shares = later && other.phase() != null && Overlap.shareColumns(state, other);
      if (shares) {
        return new Refusal(
            ErrorCode.BUILT_UPON,
            "the later migration \"%s\" was built on its columns; take that one back first"
                .formatted(other.id()));
      }
      later |= other.id().equals(state.id());
    }
    return null;
  }

  /**
   * Between two steps an undo can be turned round: those that are undone are done again. Half of a
   * step is no state to go on from.
   */
  private @Nullable Refusal begunUndo(Recorded state) {
    if (!state.undoing()) {
      return null;
    }
    return journal.steps().records(state.id()).stream()
        .filter(it -> it.undoes() == null && it.step().phase() == state.begun())
        .filter(it -> it.state() == StepStatus.State.UNDOING)
        .findFirst()
        .map(
            it ->
                new Refusal(
                    ErrorCode.UNDO_HALF_DONE,
                    "the step %s of %s is being undone; give the command again when that is done"
                        .formatted(it.name(), state.begun())))
        .orElse(null);
  }

  private boolean isPartlyUndone(Recorded state) {
    return journal.steps().records(state.id()).stream()
        .filter(it -> it.undoes() == null && it.step().phase() == state.begun())
        .anyMatch(it -> it.state() == StepStatus.State.UNDONE);
  }

  /** What was declared without an undo stays, and so does the phase that it belongs to. */
  private @Nullable Refusal withoutUndo(Recorded state) {
    return journal.steps().records(state.id()).stream()
        .filter(it -> it.undoes() == null && it.state() == StepStatus.State.DONE)
        .map(StepRecord::step)
        .filter(it -> it.phase() == state.begun() && it.info().withoutUndo() != null)
        .findFirst()
        .map(
            it ->
                new Refusal(
                    ErrorCode.UNDO_NOT_DECLARED,
                    "its step %s is declared without an undo (%s); make a new migration that does the opposite"
                        .formatted(it.name(), it.info().withoutUndo())))
        .orElse(null);
  }

  private void apply(String id, OperatorCommand command, Recorded state) {
    switch (command.kind()) {
      case PAUSE -> journal.pause(id, true);
      case RESUME -> {
        journal.pause(id, false);
        if (state.undoing()) {
          journal.withdrawUndo(id, begun(state), isPartlyUndone(state));
        }
        journal.goOn(id);
      }
      case RETRY -> journal.forgetFailures(List.of(id));
      case CONTRACT -> journal.approveContract(id);
      case UNDO -> {
        journal.forgetFailures(List.of(id));
        journal.undo(id);
      }
      case SPEED -> throw new IllegalStateException(command + " has a method of its own");
    }
  }
}
