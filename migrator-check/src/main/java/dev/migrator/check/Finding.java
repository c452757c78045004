package dev.migrator.check;

import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is unsafe while an application uses the database.
 *
 * @param rule what kind of thing
 * @param level how bad it is
 * @param file the file that it stands in
 * @param line the line, from 1
 * @param column the character of that line, from 1
 * @param changeSet the change set of a changelog, such as {@code 2 by anna}; {@code null} if it
 *     stands in none
 * @param statement the kind of statement, such as {@code CREATE INDEX}; empty if it is about none
 * @param table the table, with its schema; {@code null} if it is about none
 * @param lock the lock on it; {@code null} if there is none
 * @param work what is done under the lock
 * @param measured whether a server did it; otherwise it was read from the text only
 * @param message what happens
 * @param breaks what that means for releases that run; empty if nothing
 * @param safe what to do instead: statements that end in a semicolon, or sentences
 * @param volume what it means for a table as large as production's; {@code null} if that is unknown
 * @param allowed why it is allowed; {@code null} if it is not
 */
public record Finding(
    Rule rule,
    Level level,
    String file,
    int line,
    int column,
    @Nullable String changeSet,
    String statement,
    @Nullable String table,
    @Nullable LockMode lock,
    Work work,
    boolean measured,
    String message,
    String breaks,
    List<String> safe,
    @Nullable Blocked volume,
    @Nullable String allowed) {

  /** Copies the list. */
  public Finding {
    safe = List.copyOf(safe);
  }

  /** Whether the check fails because of it. */
  public boolean fails() {
    return level == Level.ERROR && allowed == null;
  }

  /** Change set and statement, as people read them before the message. */
  String place() {
    return (changeSet == null ? "" : "change set " + changeSet + ": ")
        + (statement.isEmpty() ? "" : statement + ": ");
  }

  Finding at(Level other) {
    return new Finding(
        rule, other, file, line, column, changeSet, statement, table, lock, work, measured, message,
        breaks, safe, volume, allowed);
  }

  Finding allowedBy(String reason) {
    return new Finding(
        rule, level, file, line, column, changeSet, statement, table, lock, work, measured, message,
        breaks, safe, volume, reason);
  }

  /**
   * What it means in production.
   *
   * @param rows of the table; {@code null} if it was never analysed
   * @param bytes of its rows
   * @param seconds for how long others wait, estimated
   */
  public record Blocked(@Nullable Long rows, long bytes, double seconds) {}
}
