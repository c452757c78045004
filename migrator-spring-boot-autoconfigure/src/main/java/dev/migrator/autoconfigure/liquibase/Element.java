package dev.migrator.autoconfigure.liquibase;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import liquibase.parser.core.ParsedNode;
import org.jspecify.annotations.Nullable;

/**
 * An element of a changelog, of whatever format: an attribute is a child with a value.
 *
 * @param name how it is called, without a prefix
 * @param value a text, number or truth value, or several of them; {@code null} if it has children
 *     only
 * @param children in their order
 */
record Element(String name, @Nullable Object value, List<Element> children) {

  private static final Map<String, String> SCHEMA_OF =
      Map.of("table", "schema", "referencedTable", "referencedSchema");

  Element {
    children = List.copyOf(children);
  }

  static Element of(ParsedNode node) {
    List<Element> children = new ArrayList<>();
    for (ParsedNode child : node.getChildren()) {
      children.add(of(child));
    }
    return new Element(node.getName(), node.getValue(), children);
  }

  /** The same with a schema for each table that has none. */
  Element in(String schema) {
    List<Element> all = new ArrayList<>();
    children.forEach(it -> all.add(it.in(schema)));
    SCHEMA_OF.forEach(
        (table, attribute) -> {
          if (has(table) && !has(attribute)) {
            all.add(new Element(attribute, schema, List.of()));
          }
        });
    return new Element(name, value, all);
  }

  private boolean has(String child) {
    return children.stream().anyMatch(it -> it.name().equals(child));
  }

  /** As a person would write it in one line. */
  String text() {
    String inner = children.stream().map(Element::text).collect(Collectors.joining(", "));
    return (value == null) ? "%s { %s }".formatted(name, inner) : "%s: %s".formatted(name, value);
  }
}
