package dev.migrator.diff;

import dev.migrator.diff.internal.schema.Key;
import dev.migrator.diff.internal.schema.Reference;
import dev.migrator.diff.internal.schema.SchemaColumn;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.source.BeanLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says a new table in the language of the migrations. */
final class TableSource {

  private final BeanLanguage language;

  TableSource(BeanLanguage language) {
    this.language = language;
  }

  private String string(String text) {
    return language.string(text);
  }

  private String strings(List<String> texts) {
    return language.strings(texts);
  }

  List<String> chain(SchemaTable table) {
    List<String> chain = new ArrayList<>();
    chain.add(
        table.id().schema().isEmpty()
            ? ".createTable(%s)".formatted(string(table.id().name()))
            : ".createTable(%s, %s)"
                .formatted(string(table.id().schema()), string(table.id().name())));
    Set<String> primary =
        table.keys().stream()
            .filter(Key::primary)
            .flatMap(it -> it.columns().stream())
            .collect(Collectors.toSet());
    table.columns().values().forEach(it -> chain.add(column(it, primary.contains(it.name()))));
    for (Key key : table.keys()) {
      chain.add(
          key.primary()
              ? ".primaryKey(%s)".formatted(strings(key.columns()))
              : ".unique(%s, %s)".formatted(string(key.name()), strings(key.columns())));
    }
    table.references().forEach(it -> chain.addAll(reference(".foreignKey", it)));
    return chain;
  }

  private String column(SchemaColumn column, boolean primary) {
    StringBuilder verb =
        new StringBuilder(
            ".column(%s, %s)".formatted(string(column.name()), string(column.type().sql())));
    if (column.source() == SchemaColumn.Source.IDENTITY) {
      return verb.append(".identity()").toString();
    }
    if (column.notNull() && !primary) {
      verb.append(".notNull()");
    }
    if (column.defaultExpression() != null) {
      verb.append(".defaultTo(%s)".formatted(string(column.defaultExpression())));
    }
    return verb.toString();
  }

  List<String> reference(String verb, Reference key) {
    List<String> chain = new ArrayList<>();
    chain.add("%s(%s, %s)".formatted(verb, string(key.name()), strings(key.columns())));
    String parent =
        key.parent().schema().isEmpty()
            ? string(key.parent().name())
            : language.made(
                "TableName", strings(List.of(key.parent().schema(), key.parent().name())));
    chain.add(".references(%s, %s)".formatted(parent, strings(key.parentColumns())));
    String rule =
        switch (key.onDelete()) {
          case "r" -> "RESTRICT";
          case "c" -> "CASCADE";
          case "n" -> "SET_NULL";
          case "d" -> "SET_DEFAULT";
          default -> "";
        };
    if (!rule.isEmpty()) {
      chain.add(".onDelete(OnDelete.%s)".formatted(rule));
    }
    return chain;
  }
}
