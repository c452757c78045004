package dev.migrator.autoconfigure.hibernate;

import dev.migrator.source.BeanLanguage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A column that is mapped and that its table does not have.
 *
 * @param where what maps it
 * @param schema that of the table; {@code null} if the search path finds it
 * @param type as Hibernate would make it
 * @param former the names that {@code @RenamedFrom} says it had
 * @param unmapped the columns of the table that nobody maps
 * @param language that of the entity
 */
record MissingColumn(
    String where,
    @Nullable String schema,
    String table,
    String column,
    String type,
    List<String> former,
    List<String> unmapped,
    BeanLanguage language) {

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
        .formatted(where, column, (schema == null) ? table : schema + "." + table, left);
  }

  /** What to declare. Whether it is another name or a new column, only the team knows. */
  String action(LocalDate today) {
    String said = said();
    if (said != null) {
      return "Declare\n\n" + renamed(today, said);
    }
    StringBuilder action = new StringBuilder();
    for (String old : candidates()) {
      action.append(
          "If \"%s\" is the new name of %s, declare\n\n%s\n\n"
              .formatted(
                  column, unmapped.contains(old) ? "\"" + old + "\"" : old, renamed(today, old)));
    }
    return action
        .append(
            "If \"%s\" is a new column, declare\n\n%s"
                .formatted(
                    column,
                    bean(
                        today,
                        ".addColumn(%s, %s)"
                            .formatted(language.string(column), language.string(type)))))
        .toString();
  }

  /** The old name, if the mapping says it; {@code null} if not, or if that column is not there. */
  private @Nullable String said() {
    List<String> there = former.stream().filter(unmapped::contains).toList();
    return (there.size() == 1) ? there.get(0) : null;
  }

  private String renamed(LocalDate today, String old) {
    return bean(
        today,
        ".renameColumn(%s, %s)".formatted(language.string(old), language.string(column)),
        ".switchRead()");
  }

  private List<String> candidates() {
    return (unmapped.size() <= NAMED) ? unmapped : List.of("another column");
  }

  private String bean(LocalDate today, String... verbs) {
    List<String> names = (schema == null) ? List.of(table) : List.of(schema, table);
    List<String> chain = new ArrayList<>(List.of(".table(%s)".formatted(language.strings(names))));
    chain.addAll(List.of(verbs));
    return language
        .bean(BeanLanguage.id(today, table + "-" + column), chain)
        .indent(4)
        .stripTrailing();
  }
}
