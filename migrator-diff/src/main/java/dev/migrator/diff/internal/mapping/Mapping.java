package dev.migrator.diff.internal.mapping;

import dev.migrator.diff.internal.schema.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** SQL of the mapping's own, in which columns can be named. */
  public List<String> formulas() {
    return List.copyOf(formulas);
  }
}
