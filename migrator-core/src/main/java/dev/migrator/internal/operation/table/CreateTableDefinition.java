package dev.migrator.internal.operation.table;

import dev.migrator.internal.operation.Definitions;
import dev.migrator.operation.CreateTable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a new table means, in a form that does not change with formatting. */
final class CreateTableDefinition {

  private CreateTableDefinition() {}

  static Map<String, Object> of(CreateTable create) {
    return Definitions.of(
        "createTable",
        "table",
        create.table().toString(),
        "columns",
        create.columns().stream().map(CreateTableDefinition::column).toList(),
        "primaryKey",
        create.primaryKey(),
        "uniques",
        create.uniques().stream()
            .map(it -> values("name", it.name(), "columns", it.columns()))
            .toList(),
        "checks",
        create.checks().stream()
            .map(
                it ->
                    values(
                        "name", it.name(), "expression", Definitions.normalized(it.expression())))
            .toList(),
        "foreignKeys",
        create.foreignKeys().stream().map(CreateTableDefinition::key).toList(),
        "comment",
        create.comment());
  }

  private static Map<String, Object> column(CreateTable.Column column) {
    String type = String.valueOf(Definitions.normalized(column.type()));
    return values(
        "name",
        column.name(),
        "type",
        type.toLowerCase(Locale.ROOT),
        "notNull",
        column.notNull() ? true : null,
        "default",
        Definitions.normalized(column.defaultExpression()),
        "identity",
        (column.identity() == null) ? null : column.identity().name(),
        "comment",
        column.comment());
  }

  private static Map<String, Object> key(CreateTable.ForeignKey key) {
    return values(
        "name",
        key.name(),
        "columns",
        key.columns(),
        "references",
        key.parent().toString(),
        "referencedColumns",
        key.parentColumns(),
        "onDelete",
        key.onDelete().name());
  }

  private static Map<String, Object> values(@Nullable Object... namesAndValues) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        values.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return values;
  }
}
