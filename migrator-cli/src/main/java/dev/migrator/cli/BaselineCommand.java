package dev.migrator.cli;

import dev.migrator.cli.task.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Notes that files have run, of a database that is older than its journal. */
@Command(
    name = "baseline",
    description = "Notes that files have run, because what they make is there; runs none of them",
    mixinStandardHelpOptions = true)
final class BaselineCommand implements Callable<Integer> {

  @Mixin private final FileOptions files = new FileOptions();

  @Mixin private final DatabaseOptions database = new DatabaseOptions();

  @Mixin private final Output output = new Output();

  @Option(names = "--to", paramLabel = "ID", description = "The last of them (default: all)")
  private @Nullable String last;

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; journaled")
  private String reason = "";

  @Override
  public Integer call() {
    List<String> noted = History.of(database.target(), files.set()).baseline(last, reason);
    List<String> lines = new ArrayList<>(noted);
    lines.add("%d files are noted as run".formatted(noted.size()));
    output.print(lines, Map.of("noted", noted));
    return 0;
  }
}
