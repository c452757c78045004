package dev.migrator.cli;

import dev.migrator.cli.task.NewFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a SQL file and the one that undoes it. */
@Command(
    name = "new",
    description = "Makes a SQL file and the one that undoes it, and prints their paths",
    mixinStandardHelpOptions = true)
final class NewCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "What it does, such as add_avatar_url")
  private String name = "";

  @Option(
      names = {"-f", "--files"},
      paramLabel = "FOLDER",
      description = "Where it is made (default: ${DEFAULT-VALUE})",
      defaultValue = "src/main/resources/db/migrator")
  private Path folder = Path.of("");

  @Option(
      names = {"-r", "--repeatable"},
      description = "One that runs again when it changes, such as a view")
  private boolean repeatable;

  @Mixin private final Output output = new Output();

  @Override
  public Integer call() {
    List<String> made =
        new NewFile(folder, name, repeatable, Clock.systemUTC())
            .create().stream().map(Path::toString).toList();
    output.print(made, Map.of("files", made));
    return 0;
  }
}
