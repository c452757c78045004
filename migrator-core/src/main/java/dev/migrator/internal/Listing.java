package dev.migrator.internal;

import java.util.List;
import java.util.stream.Collectors;

/** Lists in messages, of which only the first few are named. */
public final class Listing {

  private Listing() {}

  /** The first of them with commas between, and how many more there are. */
  public static String first(int most, List<String> all) {
    return first(most, ", ", all);
  }

  /** The same with something else between them. */
  public static String first(int most, String between, List<String> all) {
    String more = (all.size() > most) ? " and %d more".formatted(all.size() - most) : "";
    return all.stream().limit(most).collect(Collectors.joining(between)) + more;
  }
}
