package dev.migrator.diff.internal.difference;

import java.util.List;

/**
 * What only the team knows.
 *
 * @param text what was found
 * @param options what it can mean
 */
public record Question(String text, List<Option> options) {

  /** Copies the list. */
  public Question {
    options = List.copyOf(options);
  }

  /**
   * One answer.
   *
   * @param meaning what it says
   * @param line the line that says it
   */
  public record Option(String meaning, String line) {}
}
