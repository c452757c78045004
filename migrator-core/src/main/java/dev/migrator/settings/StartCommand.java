package dev.migrator.settings;

import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import java.util.Locale;

/**
 * A command that an instance gives at its start. It says what is to be so, so that a start that
 * finds it so does nothing.
 *
 * @param migration the id of the migration
 * @param command what is asked for
 */
public record StartCommand(String migration, OperatorCommand command) {

  private static final String FORM =
      "write pause:ID, resume:ID, retry:ID, contract:ID, or undo-PHASE:ID with the phase to undo, such as undo-backfill:ID";

  /**
   * Reads a command.
   *
   * <pre>{@code
   * StartCommand.parse("resume:2026-11-22-users-full-name");
   * StartCommand.parse("undo-backfill:2026-11-22-users-full-name");
   * }</pre>
   *
   * @param text the command, a colon, and the id of the migration
   * @return the command
   * @throws IllegalArgumentException if it is none
   */
  public static StartCommand parse(String text) {
    int colon = text.indexOf(':');
    String id = text.substring(colon + 1).strip();
    String verb = text.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
    if (colon < 0 || id.isEmpty()) {
      throw malformed(text);
    }
    OperatorCommand command =
        switch (verb) {
          case "pause" -> OperatorCommand.PAUSE;
          case "resume" -> OperatorCommand.RESUME;
          case "retry" -> OperatorCommand.RETRY;
          case "contract" -> OperatorCommand.CONTRACT;
          // Without the phase each start would undo one more.
          default -> OperatorCommand.undo(undone(verb, text));
        };
    return new StartCommand(id, command);
  }

  private static Phase undone(String verb, String text) {
    for (Phase phase : Phase.values()) {
      if (verb.equals("undo-" + phase.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return phase;
      }
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "migrator.commands: \"%s\" is no command; %s".formatted(text, FORM));
  }
}
