package dev.migrator.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command has answered.
 *
 * @param code its exit code
 * @param out what it said
 * @param err what went wrong
 */
record Run(int code, String out, String err) {

  /** Runs the main class in this JVM. */
  static Run of(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = String.valueOf(args[i]);
    }
    int code = MigratorCli.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new Run(code, out.toString(), err.toString());
  }
}
