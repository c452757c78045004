package dev.migrator.cli;

import dev.migrator.cli.task.Validation;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at the files of a project, without a database. */
@Command(
    name = "validate",
    description = "Looks at names, versions, directives and statements of SQL files; no database",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Mixin private final FileOptions files = new FileOptions();

  @Mixin private final Output output = new Output();

  @Option(names = "--require-down", description = "A file without a way back is a problem")
  private boolean requireDown;

  @Override
  public Integer call() {
    Validation found = Validation.of(files.set(), requireDown);
    List<String> lines =
        Stream.of(
                found.problems().stream().map(it -> "problem: " + it),
                found.warnings().stream().map(it -> "warning: " + it),
                Stream.of(
                    "%d files, %d problems, %d warnings"
                        .formatted(
                            found.files(), found.problems().size(), found.warnings().size())))
            .flatMap(it -> it)
            .toList();
    output.print(lines, found);
    return found.isValid() ? 0 : 1;
  }
}
