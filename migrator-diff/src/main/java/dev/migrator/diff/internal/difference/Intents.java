package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.schema.Place;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the team has answered. Columns are named as {@link Place#text} says them.
 *
 * @param renamed the old name of a column, by its new place
 * @param added those that are new
 * @param removed those that are to be dropped
 * @param optional those that stay, and that inserts may leave out
 * @param left those, and tables, of which nothing is to be said
 * @param neverNull those into which no release writes NULL
 * @param fills what older releases are taken to write
 * @param transforms how values get from one column to the other and back
 */
public record Intents(
    Map<String, String> renamed,
    Set<String> added,
    Set<String> removed,
    Set<String> optional,
    Set<String> left,
    Set<String> neverNull,
    Map<String, String> fills,
    Map<String, Transform> transforms) {

  /** Copies what is given. */
  public Intents {
    renamed = Map.copyOf(renamed);
    added = Set.copyOf(added);
    removed = Set.copyOf(removed);
    optional = Set.copyOf(optional);
    left = Set.copyOf(left);
    neverNull = Set.copyOf(neverNull);
    fills = Map.copyOf(fills);
    transforms = Map.copyOf(transforms);
  }

  /**
   * Both directions.
   *
   * @param forward the new value, from the old column
   * @param backward the old value, from the new column
   */
  public record Transform(@Nullable String forward, @Nullable String backward) {

    /** Both, where they are said one by one. */
    public Transform and(Transform other) {
      return new Transform(
          other.forward == null ? forward : other.forward,
          other.backward == null ? backward : other.backward);
    }
  }

  boolean leaves(Place place) {
    return left.contains(place.text()) || left.contains(place.table().text());
  }
}
