package dev.migrator.cli;

import dev.migrator.internal.json.Json;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command answers: to people, or by one line of JSON to programs. */
final class Output {

  @Option(names = "--json", description = "Answer by JSON")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  Output() {}

  /** Answers. */
  void print(List<String> lines, Object forPrograms) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(forPrograms));
    } else {
      lines.forEach(out::println);
    }
    out.flush();
  }
}
