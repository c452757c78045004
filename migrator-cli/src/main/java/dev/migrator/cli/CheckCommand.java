package dev.migrator.cli;

import dev.migrator.check.CheckReport;
import dev.migrator.check.ReportFormat;
import dev.migrator.cli.task.CheckTask;
import dev.migrator.cli.task.TaskException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries SQL files on a server of its own. */
@Command(
    name = "check",
    description =
        "Tries SQL files, or a changelog, on a PostgreSQL of its own, and says what they do to a running application",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Files to check in this order, in the place of those of --files")
  private List<Path> given = List.of();

  @Mixin private final FileOptions files = new FileOptions();

  @Mixin private final ChangelogOptions changelog = new ChangelogOptions();

  @Mixin private final EmptyDatabaseOptions database = new EmptyDatabaseOptions();

  @Option(
      names = "--from",
      paramLabel = "ID",
      description = "The first file that is judged; what comes before it has run in production")
  private @Nullable String from;

  @Option(
      names = "--stats",
      paramLabel = "FILE",
      description = "Sizes of production's tables, as the command stats writes them")
  private @Nullable Path statistics;

  @Option(
      names = "--postgres",
      paramLabel = "VERSION",
      description = "The major version of production (default: that of the server)")
  private @Nullable Integer version;

  @Option(names = "--read", description = "Only read the files: no server, fewer findings")
  private boolean read;

  @Option(
      names = "--level",
      paramLabel = "RULE=LEVEL",
      description = "error, warn or off for all findings of a rule")
  private Map<String, String> levels = new LinkedHashMap<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})",
      defaultValue = "TEXT")
  private ReportFormat format = ReportFormat.TEXT;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the report there, and its text here")
  private @Nullable Path output;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  CheckCommand() {}

  @Override
  public Integer call() {
    CheckReport report =
        new CheckTask(
                files.set(),
                given,
                changelog.changelog(files.set()),
                from,
                statistics,
                database.target(),
                version,
                read,
                levels)
            .run();
    PrintWriter out = spec.commandLine().getOut();
    if (output == null) {
      out.println(format.write(report));
    } else {
      write(output, format.write(report));
      out.println(report.toText());
    }
    out.flush();
    return report.isSafe() ? 0 : 1;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException ex) {
      throw new TaskException("%s cannot be written: %s".formatted(file, ex));
    }
  }
}
