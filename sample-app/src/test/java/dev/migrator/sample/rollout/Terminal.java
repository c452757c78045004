package dev.migrator.sample.rollout;

import java.io.Console;

/** Whether somebody watches. */
final class Terminal {

  private Terminal() {}

  /** The system property {@code rolling-deploy.console} overrides what is found out. */
  static boolean isThere() {
    String wish = System.getProperty("rolling-deploy.console");
    return (wish == null) ? isTerminal(System.console()) : Boolean.parseBoolean(wish);
  }

  /** From Java 22 on there can be a console without a terminal, which only it can tell. */
  private static boolean isTerminal(Console console) {
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
