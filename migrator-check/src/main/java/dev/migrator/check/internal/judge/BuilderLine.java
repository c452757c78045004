package dev.migrator.check.internal.judge;

import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.CheckExpression;
import dev.migrator.check.internal.read.IndexDefinition;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.QualifiedName;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The line of the builder that does what a statement does. */
final class BuilderLine {

  private BuilderLine() {}

  static String of(@Nullable QualifiedName table, String what) {
    return "or by the builder: .table(%s)%s".formatted(arguments(table), what);
  }

  /** With its schema, if the statement says it. */
  private static String arguments(@Nullable QualifiedName table) {
    String name = text(Remedies.name(table));
    return (table == null || table.schema() == null) ? name : text(table.schema()) + ", " + name;
  }

  private static String parent(@Nullable QualifiedName table) {
    boolean plain = table == null || table.schema() == null;
    return plain ? arguments(table) : "new TableName(%s)".formatted(arguments(table));
  }

  /** A literal of Java. */
  private static String text(String value) {
    String folded = value.strip().replaceAll("\\s+", " ");
    return '"' + folded.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String columns(List<String> names) {
    return names.stream().map(BuilderLine::text).collect(Collectors.joining(", "));
  }

  static String index(Parsed parsed) {
    QualifiedName table = parsed.table();
    String name = parsed.name() == null ? Remedies.name(table) + "_by_…" : parsed.name();
    IndexDefinition index = parsed.index();
    if (index == null) {
      return of(table, ".addIndex(%s)…".formatted(text(name)));
    }
    List<String> columns = index.columns();
    String where = index.where();
    if (parsed.has(Mark.UNIQUE) && !columns.isEmpty() && where == null) {
      return of(table, ".addUnique(%s, %s)".formatted(text(name), columns(columns)));
    }
    String on =
        columns.isEmpty()
            ? ".onExpressions(%s)".formatted(text(index.keys()))
            : ".on(%s)".formatted(columns(columns));
    String rows = (where == null) ? "" : ".where(%s)".formatted(text(where));
    String unique = parsed.has(Mark.UNIQUE) ? ".unique()" : "";
    return of(table, ".addIndex(%s)%s%s%s".formatted(text(name), on, unique, rows));
  }

  static String check(@Nullable QualifiedName table, String name, Action action) {
    CheckExpression check = action.constraint().check();
    String expression = (check == null) ? "…" : check.text();
    return of(table, ".addCheck(%s, %s)".formatted(text(name), text(expression)));
  }

  static String foreignKey(@Nullable QualifiedName table, String name, Action action) {
    List<String> referenced = action.constraint().referenced();
    String columns = referenced.isEmpty() ? "…" : columns(referenced);
    return of(
        table,
        ".addForeignKey(%s, %s).references(%s, %s)%s"
            .formatted(
                text(name),
                columns(action.columns()),
                parent(action.references()),
                columns,
                action.constraint().key().options().isEmpty() ? "" : "…"));
  }

  static String unique(@Nullable QualifiedName table, String name, Action action) {
    return of(table, ".addUnique(%s, %s)".formatted(text(name), columns(action.columns())));
  }
}
