package dev.migrator.cli.task;

import dev.migrator.check.LiquibaseChangelog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changelogs as people name them: from the current folder, or from that of the resources. */
public final class Changelogs {

  private Changelogs() {}

  /**
   * Finds a changelog.
   *
   * @param file its name, as it stands on a command line or in {@code spring.liquibase.change-log}
   * @param resources where what it includes is looked for
   * @param contexts the contexts of the run; {@code null} for all change sets
   * @param labels the label expression of the run; {@code null} for all change sets
   * @throws TaskException if there is none of that name
   */
  public static LiquibaseChangelog of(
      String file,
      Path resources,
      @Nullable String contexts,
      @Nullable String labels,
      Map<String, String> parameters) {
    LiquibaseChangelog found = find(file.replaceFirst("^classpath:/*", ""), resources);
    LiquibaseChangelog chosen =
        found.contexts(contexts == null ? "" : contexts).labels(labels == null ? "" : labels);
    for (Map.Entry<String, String> it : parameters.entrySet()) {
      chosen = chosen.parameter(it.getKey(), it.getValue());
    }
    return chosen;
  }

  private static LiquibaseChangelog find(String file, Path resources) {
    if (Files.isRegularFile(resources.resolve(file)) && !Path.of(file).isAbsolute()) {
      return LiquibaseChangelog.of(resources, file);
    }
    Path given = Path.of(file).toAbsolutePath().normalize();
    if (!Files.isRegularFile(given)) {
      throw new TaskException(
          "there is no changelog %s, neither here nor in %s".formatted(file, resources));
    }
    Path root = resources.toAbsolutePath().normalize();
    Path folder = given.startsWith(root) ? root : given.getParent();
    if (folder == null) {
      throw new TaskException("%s is no changelog".formatted(file));
    }
    return LiquibaseChangelog.of(folder, folder.relativize(given).toString().replace('\\', '/'));
  }
}
