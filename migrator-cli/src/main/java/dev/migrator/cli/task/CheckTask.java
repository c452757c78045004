package dev.migrator.cli.task;

import dev.migrator.check.CheckReport;
import dev.migrator.check.Level;
import dev.migrator.check.LiquibaseChangelog;
import dev.migrator.check.Rule;
import dev.migrator.check.SqlCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tries the SQL files of a project, or others, before they run anywhere.
 *
 * @param set those of a project
 * @param files others, in this order; empty for those of the project
 * @param changelog a changelog of Liquibase in their place; {@code null} for files
 * @param from the id of the first that is judged; {@code null} for all
 * @param statistics a file of {@link Stats}; {@code null} if there is none
 * @param database an empty one; {@code null} for a server of the check's own
 * @param version the major version of production; {@code null} for that of the server
 * @param read whether the files are only read
 * @param levels how bad the findings of some rules are, by their names
 */
public record CheckTask(
    FileSet set,
    List<Path> files,
    @Nullable LiquibaseChangelog changelog,
    @Nullable String from,
    @Nullable Path statistics,
    @Nullable Target database,
    @Nullable Integer version,
    boolean read,
    Map<String, String> levels) {

  private static final String VERSION_OF_CONTAINER = "migrator.test.postgres.version";

  public CheckTask {
    files = List.copyOf(files);
    levels = Map.copyOf(levels);
  }

  /**
   * Does it.
   *
   * @throws TaskException if it cannot be done
   */
  public CheckReport run() {
    try {
      SqlCheck check = check();
      check.placeholders(set.placeholders()).adopt(set.adopt());
      if (from != null) {
        check.from(from);
      }
      if (statistics != null) {
        check.statistics(statistics);
      }
      if (database != null) {
        check.on(database.connected());
      }
      if (version != null) {
        check.version(version);
        if (System.getProperty(VERSION_OF_CONTAINER) == null) {
          System.setProperty(VERSION_OF_CONTAINER, String.valueOf(version));
        }
      }
      if (read) {
        check.reading();
      }
      levels.forEach((rule, level) -> check.level(rule(rule), level(level)));
      return check.run();
    } catch (IllegalArgumentException | IllegalStateException ex) {
      throw new TaskException(String.valueOf(ex.getMessage()));
    }
  }

  private SqlCheck check() {
    if (changelog != null) {
      return SqlCheck.changelog(changelog);
    }
    return files.isEmpty()
        ? SqlCheck.folder(set.folders().toArray(Path[]::new))
        : SqlCheck.files(files.toArray(Path[]::new));
  }

  private static Rule rule(String id) {
    return Rule.of(id)
        .orElseThrow(
            () ->
                new TaskException(
                    "there is no rule \"%s\"; there are %s"
                        .formatted(
                            id,
                            String.join(
                                ", ", Arrays.stream(Rule.values()).map(Rule::id).toList()))));
  }

  private static Level level(String name) {
    return Arrays.stream(Level.values())
        .filter(it -> it.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TaskException(
                    "there is no level \"%s\"; there are error, warn and off".formatted(name)));
  }

  /** Levels as one text has them, such as {@code style=off,parent-lock=error}. */
  public static Map<String, String> levels(@Nullable String text) {
    Map<String, String> levels = new LinkedHashMap<>();
    List<String> parts = new ArrayList<>(text == null ? List.of() : List.of(text.split(",")));
    parts.removeIf(String::isBlank);
    for (String part : parts) {
      String[] pair = part.strip().split("=", 2);
      if (pair.length < 2) {
        throw new TaskException("\"%s\" says no level; write it like style=off".formatted(part));
      }
      levels.put(pair[0].strip(), pair[1].strip());
    }
    return levels;
  }
}
