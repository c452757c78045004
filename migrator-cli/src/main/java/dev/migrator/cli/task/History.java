package dev.migrator.cli.task;

import dev.migrator.internal.engine.HistoryCommands;
import dev.migrator.internal.file.SqlFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator says of files that the journal cannot know. */
public final class History {

  private final HistoryCommands commands;

  private History(HistoryCommands commands) {
    this.commands = commands;
  }

  /** Of a database, with the files of a project. */
  public static History of(Target target, FileSet set) {
    SqlFiles.Parsed parsed = TaskException.translated(set::parse);
    if (!parsed.problems().isEmpty()) {
      throw new TaskException(String.join("\n", parsed.problems()));
    }
    return new History(
        new HistoryCommands(target.connected(), parsed.migrations(), "command line"));
  }

  /**
   * Notes that a file may be what it is now, or missing.
   *
   * @return what was noted, for people
   * @throws TaskException if there is nothing to accept
   */
  public String repair(String id, String reason) {
    return TaskException.translated(() -> commands.repair(id, reason));
  }

  /**
   * Notes that files have run though they have not, because what they make is there.
   *
   * @param last the last of them; {@code null} for all
   * @return their ids
   */
  public List<String> baseline(@Nullable String last, String reason) {
    return TaskException.translated(() -> commands.baseline(last, reason));
  }
}
