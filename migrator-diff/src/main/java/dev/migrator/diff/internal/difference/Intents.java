package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.schema.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the team has answered, and which of it was asked. Columns are named as {@link Place#text}
 * says them.
 */
public final class Intents {

  private final Map<String, String> renamed;

  private final Map<Kind, Set<String>> said;

  private final Map<String, String> fills;

  private final Map<String, Transform> transforms;

  private final Set<String> used = new HashSet<>();

  /**
   * Takes the answers.
   *
   * @param renamed the old name of a column, by its new place
   * @param said what is said of columns, tables and sequences
   * @param fills what older releases are taken to write
   * @param transforms how values get from one column to the other and back
   */
  public Intents(
      Map<String, String> renamed,
      Map<Kind, Set<String>> said,
      Map<String, String> fills,
      Map<String, Transform> transforms) {
    this.renamed = Map.copyOf(renamed);
    this.said = Map.copyOf(said);
    this.fills = Map.copyOf(fills);
    this.transforms = Map.copyOf(transforms);
  }

  /** What can be said of a column, a table or a sequence. */
  public enum Kind {

    /** It is new. */
    ADDED("added"),

    /** It is to be dropped. */
    REMOVED("removed"),

    /** It stays, and inserts may leave it out. */
    OPTIONAL("optional"),

    /** Nothing is to be said of it. */
    LEFT("leave"),

    /** No release writes NULL into it. */
    NEVER_NULL("never-null");

    private final String option;

    Kind(String option) {
      this.option = option;
    }
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

  /** The old name of a column; {@code null} if it is not said to have one. */
  @Nullable String renamed(Place place) {
    String old = renamed.get(place.text());
    return old == null ? null : use(rename(place.text(), old), old);
  }

  private static String rename(String place, String old) {
    int point = place.lastIndexOf('.') + 1;
    return "--renamed=%s%s=%s".formatted(place.substring(0, point), old, place.substring(point));
  }

  /** Whether that is said of something. */
  boolean say(Kind kind, String what) {
    boolean found = said.getOrDefault(kind, Set.of()).contains(what);
    return found && use(option(kind, what), true);
  }

  private static String option(Kind kind, String what) {
    return "--%s=%s".formatted(kind.option, what);
  }

  /** What older releases are taken to write; {@code null} if nothing is said. */
  @Nullable String fill(Place place) {
    String fill = fills.get(place.text());
    return fill == null ? null : use("--fill=" + place.text(), fill);
  }

  /** How values get from a column and back; {@code null} if nothing is said. */
  @Nullable Transform transform(Place place) {
    Transform transform = transforms.get(place.text());
    return transform == null ? null : use(transforms(place.text()), transform);
  }

  private static String transforms(String place) {
    return "--forward=%s and --backward=%s".formatted(place, place);
  }

  boolean leaves(Place place) {
    boolean column = say(Kind.LEFT, place.text());
    return say(Kind.LEFT, place.table().text()) || column;
  }

  private <T> T use(String answer, T value) {
    used.add(answer);
    return value;
  }

  /** Answers to which there was no question, as they are given. */
  List<String> unused() {
    Set<String> all = new TreeSet<>();
    renamed.forEach((place, old) -> all.add(rename(place, old)));
    said.forEach((kind, names) -> names.forEach(it -> all.add(option(kind, it))));
    fills.keySet().forEach(it -> all.add("--fill=" + it));
    transforms.keySet().forEach(it -> all.add(transforms(it)));
    all.removeAll(used);
    return List.copyOf(all);
  }
}
