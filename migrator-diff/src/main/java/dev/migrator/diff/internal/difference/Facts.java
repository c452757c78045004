package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.mapping.Attribute;
import dev.migrator.diff.internal.mapping.Mapping;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.Schema;
import dev.migrator.diff.internal.schema.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is known.
 *
 * @param history what the migrations make
 * @param mapped what the mapping would make
 * @param mapping what maps which column
 * @param tables the tables that are mapped
 * @param declared columns that a declared migration is about, as {@link Place#text} says them
 * @param named columns that SQL of the mapping's own names
 * @param types what the server says of types that differ, by the place
 * @param refused the checks that refuse what an attribute can have, by the place
 */
public record Facts(
    Schema history,
    Schema mapped,
    Mapping mapping,
    Set<TableId> tables,
    Set<String> declared,
    Set<String> named,
    Map<String, TypeStep> types,
    Map<String, List<RefusedValues>> refused) {

  /**
   * A check and what it refuses.
   *
   * @param check its name
   * @param values what is refused
   */
  public record RefusedValues(String check, List<String> values) {}

  /** Who maps a column, as sentences begin. */
  String who(Place place) {
    Attribute attribute = mapping.at(place);
    return (attribute == null) ? "the mapping" : attribute.where();
  }
}
