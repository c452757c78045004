package dev.migrator.cli;

import dev.migrator.cli.task.FileSet;
import dev.migrator.settings.Adopt;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which SQL files are meant. */
final class FileOptions {

  @Option(
      names = {"-f", "--files"},
      paramLabel = "FOLDER",
      description = "Where the SQL files are, with the folders below (default: ${DEFAULT-VALUE})",
      defaultValue = "src/main/resources/db/migrator")
  private List<Path> folders = List.of();

  @Option(
      names = {"-p", "--placeholder"},
      paramLabel = "NAME=VALUE",
      description = "What takes the place of $${NAME} in the files")
  private Map<String, String> placeholders = new LinkedHashMap<>();

  @Option(
      names = "--adopt",
      paramLabel = "TOOL",
      description = "Which tool some of the files were written for: ${COMPLETION-CANDIDATES}",
      defaultValue = "NONE")
  private Adopt adopt = Adopt.NONE;

  FileSet set() {
    return new FileSet(folders, placeholders, adopt);
  }
}
