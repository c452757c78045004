package dev.migrator.diff.internal.difference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares the places of constants with those that they had. No catalog knows them: rows have
 * numbers only.
 */
public final class OrdinalComparison {

  private OrdinalComparison() {}

  /**
   * Finds places that mean something else now.
   *
   * @param recorded the constants of each column, as they were
   * @param now as they are
   */
  public static List<Refusal> of(
      Map<String, List<String>> recorded, Map<String, List<String>> now) {
    List<Refusal> refusals = new ArrayList<>();
    recorded.forEach(
        (place, before) -> {
          List<String> after = now.get(place);
          if (after != null) {
            moved(place, before, after, refusals);
          }
        });
    return refusals;
  }

  private static void moved(
      String place, List<String> before, List<String> after, List<Refusal> refusals) {
    for (int i = 0; i < before.size(); i++) {
      String now = (i < after.size()) ? after.get(i) : "nothing";
      if (!now.equals(before.get(i))) {
        refusals.add(
            new Refusal(
                "%s has the places of constants, and %d was %s and is %s now: rows that are there, and running releases, mean the first"
                    .formatted(place, i, before.get(i), now),
                "keep the order %s, and append what is new; or store names, by @Enumerated(EnumType.STRING), which takes a new column"
                    .formatted(String.join(", ", before))));
        return;
      }
    }
  }
}
