package dev.migrator.internal.adopt;

import java.util.List;
import java.util.Map;

/**
 * What another tool has done.
 *
 * @param ran how it says that files have run, by their ids
 * @param without what it has run that this release has no file for, for people
 * @param unmade whether its table has to be made before anything is recorded there
 */
public record Takeover(Map<String, String> ran, List<String> without, boolean unmade) {

  /** It has done nothing. */
  public static final Takeover NOTHING = new Takeover(Map.of(), List.of(), false);

  public Takeover {
    ran = Map.copyOf(ran);
    without = List.copyOf(without);
  }

  /** Whether there is anything to be noted or made. */
  public boolean isDue() {
    return !ran.isEmpty() || unmade;
  }
}
