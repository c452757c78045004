package dev.migrator.cli;

import dev.migrator.check.LiquibaseChangelog;
import dev.migrator.cli.task.Changelogs;
import dev.migrator.cli.task.FileSet;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which changelog of Liquibase is meant. */
final class ChangelogOptions {

  @Option(
      names = "--changelog",
      paramLabel = "FILE",
      description =
          "A changelog of Liquibase in the place of SQL files; liquibase-core has to be on the class path")
  private @Nullable String changelog;

  @Option(
      names = "--resources",
      paramLabel = "FOLDER",
      description = "Where what it includes is looked for (default: ${DEFAULT-VALUE})",
      defaultValue = "src/main/resources")
  private Path resources = Path.of("src/main/resources");

  @Option(
      names = "--contexts",
      paramLabel = "NAMES",
      description = "The contexts of Liquibase's run (default: all change sets)")
  private @Nullable String contexts;

  @Option(
      names = "--labels",
      paramLabel = "EXPRESSION",
      description = "The labels of Liquibase's run (default: all change sets)")
  private @Nullable String labels;

  /** It; {@code null} if SQL files are meant. */
  @Nullable LiquibaseChangelog changelog(FileSet set) {
    return (changelog == null)
        ? null
        : Changelogs.of(changelog, resources, contexts, labels, set.placeholders());
  }
}
