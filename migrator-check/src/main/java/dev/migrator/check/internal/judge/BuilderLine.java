package dev.migrator.check.internal.judge;

import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.QualifiedName;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The line of the builder that does what a statement does. */
final class BuilderLine {

  private static final Pattern INDEX =
      Pattern.compile("(?is)(?:using\\s+btree\\s*)?\\((.*?)\\)\\s*(?:where\\s+(.*))?");

  private static final Pattern COLUMNS = Pattern.compile("\\s*\\w+\\s*(?:,\\s*\\w+\\s*)*");

  private static final Pattern CHECK = Pattern.compile("(?is)check\\s*\\((.*)\\)[^)]*");

  private static final Pattern REFERENCES =
      Pattern.compile("(?is).*\\breferences\\s+[\\w.\"]+\\s*\\(([^)]*)\\).*");

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
    Matcher index = INDEX.matcher(parsed.rest());
    if (!index.matches()) {
      return of(table, ".addIndex(%s)…".formatted(text(name)));
    }
    boolean plain = COLUMNS.matcher(index.group(1)).matches();
    List<String> columns = Arrays.stream(index.group(1).split(",")).map(String::strip).toList();
    if (parsed.has(Mark.UNIQUE) && plain && index.group(2) == null) {
      return of(table, ".addUnique(%s, %s)".formatted(text(name), columns(columns)));
    }
    String on =
        plain
            ? ".on(%s)".formatted(columns(columns))
            : ".onExpressions(%s)".formatted(text(index.group(1)));
    String where = (index.group(2) == null) ? "" : ".where(%s)".formatted(text(index.group(2)));
    return of(table, ".addIndex(%s)%s%s".formatted(text(name), on, where));
  }

  static String check(@Nullable QualifiedName table, String name, Action action) {
    Matcher check = CHECK.matcher(action.definition());
    String expression = check.matches() ? check.group(1) : "…";
    return of(table, ".addCheck(%s, %s)".formatted(text(name), text(expression)));
  }

  static String foreignKey(@Nullable QualifiedName table, String name, Action action) {
    Matcher references = REFERENCES.matcher(action.definition());
    String columns =
        references.matches()
            ? columns(Arrays.stream(references.group(1).split(",")).map(String::strip).toList())
            : "…";
    return of(
        table,
        ".addForeignKey(%s, %s).references(%s, %s)"
            .formatted(
                text(name), columns(action.columns()), parent(action.references()), columns));
  }

  static String unique(@Nullable QualifiedName table, String name, Action action) {
    return of(table, ".addUnique(%s, %s)".formatted(text(name), columns(action.columns())));
  }
}
