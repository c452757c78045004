package dev.migrator.internal.operation.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table consists of, in the server's own words, but for its foreign keys.
 *
 * @param columns its columns, in their order
 * @param constraints its constraints
 * @param comment its comment
 */
record TableShape(List<Column> columns, List<Constraint> constraints, @Nullable String comment) {

  TableShape {
    columns = List.copyOf(columns);
    constraints = List.copyOf(constraints);
  }

  /** All of it for people, line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Column column : columns) {
      lines.add(column.definition() + described(column.comment()));
    }
    constraints.forEach(it -> lines.add(it.definition()));
    if (comment != null) {
      lines.add("the comment '" + comment + "'");
    }
    return lines;
  }

  private static String described(@Nullable String comment) {
    return (comment == null) ? "" : " with the comment '" + comment + "'";
  }

  /** The same with another comment. */
  TableShape commented(@Nullable String other) {
    return new TableShape(columns, constraints, other);
  }

  /**
   * A column.
   *
   * @param name its literal name
   * @param type its type, qualified
   * @param definition all of it but the comment, as CREATE TABLE writes it
   * @param comment its comment
   */
  record Column(String name, String type, String definition, @Nullable String comment) {}

  /**
   * A constraint.
   *
   * @param definition all of it, as CREATE TABLE writes it; without a name if it is the primary key
   */
  record Constraint(String definition) {}
}
