package dev.migrator.diff.internal.mapping;

import dev.migrator.diff.internal.schema.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an application maps. Filled by those who read it. */
public final class Mapping {

  private final Map<String, Attribute> attributes = new TreeMap<>();

  private final List<String> formulas = new ArrayList<>();

  void add(Place place, Attribute attribute) {
    attributes.merge(place.text(), attribute, Attribute::and);
  }

  void addFormula(String sql) {
    formulas.add(sql);
  }

  /** What maps a column; {@code null} if nothing that has a name, as with a discriminator. */
  public @Nullable Attribute at(Place place) {
    return attributes.get(place.text());
  }

  /** The constants that are stored by their places, by the column. */
  public SortedMap<String, List<String>> ordinals() {
    SortedMap<String, List<String>> ordinals = new TreeMap<>();
    attributes.forEach(
        (place, it) -> {
          Constants constants = it.constants();
          if (constants != null && constants.storage() == Constants.Storage.ORDINAL) {
            ordinals.put(place, constants.names());
          }
        });
    return ordinals;
  }

  /** SQL of the mapping's own, in which columns can be named. */
  public List<String> formulas() {
    return List.copyOf(formulas);
  }
}
