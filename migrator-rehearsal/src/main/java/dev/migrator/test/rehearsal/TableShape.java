package dev.migrator.test.rehearsal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a table have to be like.
 *
 * @param name the table, quoted as SQL needs it
 * @param columns those that a row has
 * @param unique the columns of each unique index
 * @param foreignKeys its foreign keys
 */
record TableShape(
    String name, List<Column> columns, List<List<String>> unique, List<ForeignKey> foreignKeys) {

  /**
   * A column.
   *
   * @param name its name
   * @param type as SQL writes it
   * @param base the name of its type, of a domain that of what is beneath
   * @param category the category of its type
   * @param length the length or the precision and scale, as the catalog has it; -1 without
   * @param notNull whether a value is needed
   * @param filled whether the server fills it: by an identity or an expression
   * @param defaultValue whether it has a default
   * @param fresh whether the default gives each row another value
   */
  record Column(
      String name,
      String type,
      String base,
      String category,
      int length,
      boolean notNull,
      boolean filled,
      boolean defaultValue,
      boolean fresh) {

    boolean isDistinctByItself() {
      return filled || fresh;
    }
  }

  /**
   * A foreign key.
   *
   * @param columns its columns
   * @param table the table that it refers to
   * @param referred the columns there
   */
  record ForeignKey(List<String> columns, String table, List<String> referred) {}

  Column column(String column) {
    return columns.stream()
        .filter(it -> it.name().equals(column))
        .findFirst()
        .orElseThrow(
            () -> new RehearsalException("the table %s has no column %s".formatted(name, column)));
  }

  @Nullable ForeignKey foreignKeyOf(String column) {
    return foreignKeys.stream()
        .filter(it -> it.columns().contains(column))
        .findFirst()
        .orElse(null);
  }
}
