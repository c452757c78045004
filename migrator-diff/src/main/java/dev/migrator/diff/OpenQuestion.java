package dev.migrator.diff;

import java.util.List;

/**
 * What only the team knows.
 *
 * @param text what was found
 * @param answers what it can mean, each with the line that says so
 */
public record OpenQuestion(String text, List<Answer> answers) {

  /** Copies the list. */
  public OpenQuestion {
    answers = List.copyOf(answers);
  }

  /**
   * One answer.
   *
   * @param meaning what it says
   * @param line the line that says it: an argument of the comparison, or an annotation
   */
  public record Answer(String meaning, String line) {}
}
