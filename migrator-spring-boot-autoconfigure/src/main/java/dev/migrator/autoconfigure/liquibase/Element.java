package dev.migrator.autoconfigure.liquibase;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  /** The same without some of its children. */
  Element without(Set<String> names) {
    return new Element(
        name, value, children.stream().filter(it -> !names.contains(it.name())).toList());
  }

  /** As a person would write it in one line. */
  String text() {
    String inner = children.stream().map(Element::text).collect(Collectors.joining(", "));
    return (value == null) ? "%s { %s }".formatted(name, inner) : "%s: %s".formatted(name, value);
  }
}
