package dev.migrator.internal.operation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the expressions of a migration mean: each as the server wrote it when the migration began,
 * with everything named by its schema. What somebody makes later in a schema that comes before is
 * not what was meant.
 */
public final class Qualified {

  private final Map<String, String> known;

  private final Map<String, String> found = new HashMap<>();

  /**
   * Makes it.
   *
   * @param known what was recorded when the migration began
   */
  public Qualified(Map<String, String> known) {
    this.known = Map.copyOf(known);
  }

  /** One of which nothing is recorded. */
  public static Qualified nothingKnown() {
    return new Qualified(Map.of());
  }

  /**
   * What is known of an expression.
   *
   * @param key where it stands, and what it is
   */
  Optional<String> get(String key) {
    return Optional.ofNullable(known.get(key));
  }

  void found(String key, String qualified) {
    found.put(key, qualified);
  }

  /** What was not known before. */
  public Map<String, String> found() {
    return Map.copyOf(found);
  }
}
