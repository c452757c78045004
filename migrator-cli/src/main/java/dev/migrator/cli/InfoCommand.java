package dev.migrator.cli;

import dev.migrator.cli.task.Info;
import dev.migrator.status.MigratorStatus;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says where the changes of a database stand. */
@Command(
    name = "info",
    description =
        "Says where the changes of a database stand, and what holds them; changes nothing",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {

  @Mixin private final FileOptions files = new FileOptions();

  @Mixin private final DatabaseOptions database = new DatabaseOptions();

  @Mixin private final Output output = new Output();

  @Option(
      names = {"-w", "--watch"},
      description = "Ask again until everything is reached, or something has failed")
  private boolean watch;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "How often to ask (default: ${DEFAULT-VALUE})",
      defaultValue = "2")
  private double every = 2;

  @Override
  public Integer call() throws InterruptedException {
    Info info = Info.of(database.target(), files.set());
    List<String> shown = List.of();
    while (true) {
      MigratorStatus status = info.read();
      List<String> lines = Info.text(status);
      // The signs of life of instances are news only with something else.
      List<String> news = lines.stream().filter(it -> !it.startsWith("instance ")).toList();
      if (!news.equals(shown)) {
        output.print(lines, InfoJson.of(status));
        shown = news;
      }
      if (Info.hasFailed(status)) {
        return 1;
      }
      if (!watch || Info.isDone(status)) {
        return 0;
      }
      TimeUnit.MILLISECONDS.sleep(Math.round(every * 1000));
    }
  }
}
