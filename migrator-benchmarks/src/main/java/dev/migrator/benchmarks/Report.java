package dev.migrator.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the programs have reached, beside what they are to reach. */
final class Report {

  private static final List<String> ROWS = new ArrayList<>();

  private Report() {}

  /**
   * Notes a figure that is to be low.
   *
   * @param most what it may be at most
   */
  static void row(String what, String toReach, Samples reached, double most) {
    row(what, toReach, reached.show(digits(most)), reached.median() <= most);
  }

  /**
   * Notes a figure.
   *
   * @param met whether it is what it is to be; {@code null} where there is nothing to reach
   */
  static void row(String what, String toReach, String reached, @Nullable Boolean met) {
    String verdict = (met == null || met) ? "" : ": missed";
    ROWS.add("| %s | %s | %s%s |".formatted(what, toReach, reached, verdict));
  }

  private static int digits(double most) {
    return most >= 20 ? 0 : 2;
  }

  /** All that was noted, as a table of the documentation. */
  static String table() {
    return "| what | to reach | reached |\n|---|---|---|\n" + String.join("\n", ROWS);
  }
}
