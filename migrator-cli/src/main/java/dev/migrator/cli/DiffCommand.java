package dev.migrator.cli;

import dev.migrator.cli.task.DiffTask;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Compares what an application maps with what its migrations make. */
@Command(
    name = "diff",
    description =
        "Compares what an application maps with what its migrations make, and proposes the missing ones",
    footer =
        "All other options are those of the comparison, such as --application=CLASS, --format=java,"
            + " --language=kotlin, --output=FILE, and the answers that it asks for, such as --renamed=owners.telephone=phone.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {

  @Option(
      names = {"-c", "--class-path"},
      paramLabel = "PATH",
      required = true,
      description =
          "The class path of the application's tests, which has dev.migrator:migrator-diff")
  private @Nullable String classPath;

  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DiffCommand() {}

  /** What is not its own is for the comparison, also the mark that what follows is for others. */
  static void passOn(CommandLine diff) {
    diff.setEndOfOptionsDelimiter(" ");
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Path> entries =
        Arrays.stream(String.valueOf(classPath).strip().split(File.pathSeparator))
            .map(Path::of)
            .toList();
    int code = new DiffTask(entries, Path.of("").toAbsolutePath(), arguments).run(out::println);
    out.flush();
    return code;
  }
}
