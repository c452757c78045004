package dev.migrator.autoconfigure.hibernate;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A column that is mapped and that its table does not have.
 *
 * @param where what maps it
 * @param type as Hibernate would make it
 * @param unmapped the columns of the table that nobody maps
 */
record MissingColumn(
    String where, String table, String column, String type, List<String> unmapped) {

  /** Of more columns, each could be the one; whoever renamed it knows. */
  private static final int NAMED = 3;

  String description() {
    String left =
        switch (unmapped.size()) {
          case 0 -> "";
          case 1 -> " Its column \"%s\" is mapped by nobody any longer.".formatted(unmapped.get(0));
          default ->
              " Its columns %s are mapped by nobody."
                  .formatted(
                      unmapped.stream()
                          .map(it -> "\"" + it + "\"")
                          .collect(Collectors.joining(", ")));
        };
    return "%s maps the column \"%s\"; the table \"%s\" has none, and no migration adds it.%s"
        .formatted(where, column, table, left);
  }

  /** What to declare. Whether it is another name or a new column, only the team knows. */
  String action(LocalDate today) {
    StringBuilder action = new StringBuilder();
    for (String old : candidates()) {
      action.append(
          "If \"%s\" is the new name of %s, declare\n\n%s\n\n"
              .formatted(
                  column,
                  unmapped.contains(old) ? "\"" + old + "\"" : old,
                  bean(
                      today,
                      ".renameColumn(%s, %s)".formatted(java(old), java(column)),
                      ".switchRead()")));
    }
    return action
        .append(
            "If \"%s\" is a new column, declare\n\n%s"
                .formatted(
                    column, bean(today, ".addColumn(%s, %s)".formatted(java(column), java(type)))))
        .toString();
  }

  private List<String> candidates() {
    return (unmapped.size() <= NAMED) ? unmapped : List.of("another column");
  }

  private String bean(LocalDate today, String... verbs) {
    StringBuilder bean =
        new StringBuilder(
            """
                @Bean
                Migration %s() {
                  return Migration.define("%s-%s")
                      .table(%s)"""
                .formatted(beanName(), today, idPart(), java(table))
                .indent(4)
                .stripTrailing());
    for (String verb : verbs) {
      bean.append("\n").append(" ".repeat(10)).append(verb);
    }
    return bean.append(";\n    }").toString();
  }

  private String idPart() {
    String part =
        (table + "-" + column)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return part.isEmpty() ? "change" : part;
  }

  private String beanName() {
    String name =
        Arrays.stream(idPart().split("-"))
            .map(it -> Character.toUpperCase(it.charAt(0)) + it.substring(1))
            .collect(Collectors.joining());
    return Character.isDigit(name.charAt(0))
        ? "change" + name
        : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static String java(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
