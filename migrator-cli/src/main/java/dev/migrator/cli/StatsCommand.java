package dev.migrator.cli;

import dev.migrator.check.TableStatistics;
import dev.migrator.cli.task.Stats;
import dev.migrator.cli.task.TaskException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes how large the tables of a database are. */
@Command(
    name = "stats",
    description = "Writes names, rows and bytes of a database's tables as JSON, for check --stats",
    mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {

  @Mixin private final DatabaseOptions database = new DatabaseOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to (default: here)")
  private @Nullable Path output;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  StatsCommand() {}

  @Override
  public Integer call() {
    TableStatistics statistics = Stats.of(database.target());
    PrintWriter out = spec.commandLine().getOut();
    if (output == null) {
      out.print(statistics.toJson());
    } else {
      try {
        Files.writeString(output, statistics.toJson());
      } catch (IOException ex) {
        throw new TaskException("%s cannot be written: %s".formatted(output, ex));
      }
      out.println("%d tables".formatted(statistics.tables().size()));
    }
    out.flush();
    return 0;
  }
}
