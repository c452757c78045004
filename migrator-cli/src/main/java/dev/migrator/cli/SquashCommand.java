package dev.migrator.cli;

import dev.migrator.cli.task.PgDump;
import dev.migrator.cli.task.Squash;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes one file of all that has run. */
@Command(
    name = "squash",
    description =
        "Makes one SQL file of the schema, which a new database runs in the place of all that has run here; changes nothing in the database",
    mixinStandardHelpOptions = true)
final class SquashCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "What the file is called (default: ${DEFAULT-VALUE})",
      defaultValue = "baseline")
  private String name = "";

  @Mixin private final FileOptions files = new FileOptions();

  @Mixin private final DatabaseOptions database = new DatabaseOptions();

  @Mixin private final Output output = new Output();

  @Option(
      names = "--pg-dump",
      paramLabel = "PROGRAM",
      description =
          "PostgreSQL's own, at least of the server's version (default: ${DEFAULT-VALUE})",
      defaultValue = "pg_dump")
  private String program = "";

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "What that program has written of this database elsewhere")
  private @Nullable Path dump;

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description = "Only what is in it (default: all schemas)")
  private List<String> schemas = new ArrayList<>();

  @Option(
      names = "--without",
      paramLabel = "TABLE",
      description = "A table that something else makes")
  private List<String> without = new ArrayList<>();

  @Option(
      names = "--rows",
      paramLabel = "TABLE",
      description = "A table whose rows a new database gets as well, with its schema")
  private List<String> rows = new ArrayList<>();

  @Override
  public Integer call() {
    Squash squash = new Squash(database.target(), files.set(), name, Clock.systemUTC());
    Squash.Made made =
        dump == null ? squash.by(new PgDump(program, schemas, without, rows)) : squash.from(dump);
    List<String> lines = new ArrayList<>();
    lines.add(made.file().toString());
    lines.add("it contains %d migrations".formatted(made.contains().size()));
    made.superfluous().forEach(it -> lines.add("may be deleted with that release: " + it));
    output.print(
        lines,
        Map.of(
            "file", made.file().toString(),
            "contains", made.contains(),
            "superfluous", made.superfluous()));
    return 0;
  }
}
