package dev.migrator.cli;

import dev.migrator.cli.task.History;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Accepts that a file is not what ran, or is missing. */
@Command(
    name = "repair",
    description = "Accepts that a file is not what ran under its id, or is missing",
    mixinStandardHelpOptions = true)
final class RepairCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "Version and name of the file")
  private String id = "";

  @Mixin private final FileOptions files = new FileOptions();

  @Mixin private final DatabaseOptions database = new DatabaseOptions();

  @Mixin private final Output output = new Output();

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; journaled")
  private String reason = "";

  @Override
  public Integer call() {
    String noted = History.of(database.target(), files.set()).repair(id, reason);
    output.print(List.of(noted), Map.of("id", id, "noted", noted));
    return 0;
  }
}
