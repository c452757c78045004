package dev.migrator.test.rehearsal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many rows the tables are to have, and the columns whose values are given.
 *
 * @param rows by the name of the table
 * @param columns by {@code table.column}, SQL expressions of {@code i}
 */
record WantedRows(Map<String, Long> rows, Map<String, String> columns) {

  static final WantedRows NONE = new WantedRows(Map.of(), Map.of());

  WantedRows withRows(String table, long number) {
    if (number < 0) {
      throw new IllegalArgumentException("withRows(\"%s\", %d)".formatted(table, number));
    }
    Map<String, Long> more = new LinkedHashMap<>(rows);
    more.put(table, number);
    return new WantedRows(more, columns);
  }

  WantedRows withColumn(String column, String expression) {
    if (column.indexOf('.') < 1) {
      throw new IllegalArgumentException(
          "withColumn(\"%s\", …): name it with its table, such as users.kind".formatted(column));
    }
    Map<String, String> more = new TreeMap<>(columns);
    more.put(column, expression);
    return new WantedRows(rows, more);
  }

  /** The columns of one table. */
  Map<String, String> columnsOf(String table) {
    Map<String, String> found = new TreeMap<>();
    columns.forEach(
        (column, expression) -> {
          int dot = column.lastIndexOf('.');
          if (column.substring(0, dot).equals(table)) {
            found.put(column.substring(dot + 1), expression);
          }
        });
    return found;
  }
}
