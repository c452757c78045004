package dev.migrator.cli;

import dev.migrator.cli.task.TaskException;
import dev.migrator.error.MigratorException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The commands of the migrator for shells and builds.
 *
 * <pre>{@code
 * java -jar migrator-cli-exec.jar new add_avatar_url
 * }</pre>
 *
 * <p>The exit code is 0 if it was done and nothing is wrong, 1 if something is wrong or was
 * refused, and 2 if the command itself cannot be understood; {@code diff} has codes of its own.
 */
@Command(
    name = "migrator",
    description = "Commands for SQL files and their history",
    mixinStandardHelpOptions = true,
    subcommands = {
      NewCommand.class,
      ValidateCommand.class,
      CheckCommand.class,
      DiffCommand.class,
      StatsCommand.class,
      InfoCommand.class,
      BaselineCommand.class,
      RepairCommand.class,
      SquashCommand.class
    })
public final class MigratorCli implements Runnable {

  @Spec private CommandSpec spec;

  /** For {@link #run}. */
  @SuppressWarnings("NullAway.Init")
  MigratorCli() {}

  /**
   * Runs a command and ends the process.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, args));
  }

  /**
   * Runs a command.
   *
   * @param out for what it says
   * @param err for what went wrong
   * @param args the command and its options
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new MigratorCli());
    String version = String.valueOf(MigratorCli.class.getPackage().getImplementationVersion());
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(it -> it.getCommandSpec().version(version));
    DiffCommand.passOn(Objects.requireNonNull(line.getSubcommands().get("diff")));
    line.setOut(out);
    line.setErr(err);
    line.setExecutionExceptionHandler(
        (ex, command, parsed) -> {
          if (ex instanceof TaskException || ex instanceof MigratorException) {
            command.getErr().println(ex.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
          }
          throw ex;
        });
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which command");
  }
}
