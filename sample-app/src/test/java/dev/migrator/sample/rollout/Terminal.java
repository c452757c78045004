package dev.migrator.sample.rollout;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Whether the output goes to a terminal. */
final class Terminal {

  private Terminal() {}

  static boolean isThere() {
    return isTerminal(System.console());
  }

  /** From Java 22 on there can be a console without a terminal; only the console can tell. */
  private static boolean isTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException ex) {
      return true;
    }
  }
}
