package dev.migrator.internal.plan;

import dev.migrator.AddCheck;
import dev.migrator.AddForeignKey;
import dev.migrator.AddIndex;
import dev.migrator.AddUnique;
import dev.migrator.ColumnChange;
import dev.migrator.DropIndex;
import dev.migrator.Migration;
import dev.migrator.NewColumn;
import dev.migrator.SetNotNull;
import dev.migrator.TableName;
import dev.migrator.internal.sql.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a change touches.
 *
 * @param table its table, quoted, with or without its schema
 * @param columns the columns it names
 * @param sql expressions that may name any column
 */
record AffectedObjects(String table, List<String> columns, List<String> sql) {

  /** How {@link Definition} writes the columns of a side, and a single column. */
  private static final Pattern NAMES = Pattern.compile("\\[([^\\]]*)\\]|\"([^\"]*)\"");

  private static final String FILLING = "\" with ";

  static AffectedObjects by(Migration change) {
    List<String> columns = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    if (change instanceof ColumnChange it) {
      it.newColumns().stream().map(NewColumn::name).forEach(columns::add);
      if (it.sync() != null) {
        columns.addAll(it.sync().oldColumns());
      }
    } else if (change instanceof SetNotNull it) {
      columns.add(it.column());
      add(sql, it.fillNullsWith());
    } else if (change instanceof AddCheck it) {
      sql.add(it.expression());
    } else if (change instanceof AddForeignKey it) {
      columns.addAll(it.columns());
    } else if (change instanceof AddUnique it) {
      columns.addAll(it.columns());
    } else if (change instanceof AddIndex it) {
      columns.addAll(it.columns());
      columns.addAll(it.included());
      add(sql, it.expressions());
      add(sql, it.predicate());
    } else if (!(change instanceof DropIndex)) {
      throw new IllegalStateException("no such change: " + change);
    }
    return new AffectedObjects(quoted(Declaration.tableOf(change)), columns, sql);
  }

  /** What was recorded of a change says less than its declaration: the names, and the filling. */
  static AffectedObjects by(Recorded change) {
    List<String> columns = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    for (String text : change.definition()) {
      Matcher names = NAMES.matcher(text);
      while (names.find()) {
        columns.addAll(
            (names.group(1) != null)
                ? List.of(names.group(1).split(", "))
                : List.of(names.group(2)));
      }
      int filling = text.indexOf(FILLING);
      if (filling >= 0) {
        sql.add(text.substring(filling + FILLING.length()));
      }
    }
    return new AffectedObjects(change.table(), columns, sql);
  }

  static AffectedObjects of(TableName table, List<String> columns) {
    return new AffectedObjects(quoted(table), columns, List.of());
  }

  private static String quoted(TableName table) {
    return (table.schema() == null)
        ? Identifiers.quote(table.name())
        : Identifiers.quote(table.schema(), table.name());
  }

  private static void add(List<String> sql, @Nullable String expression) {
    if (expression != null) {
      sql.add(expression);
    }
  }

  boolean meets(AffectedObjects other) {
    boolean sameTable =
        table.equals(other.table)
            || table.endsWith("." + other.table)
            || other.table.endsWith("." + table);
    return sameTable
        && (columns.stream().anyMatch(other::mayName)
            || other.columns.stream().anyMatch(this::mayName));
  }

  /** An expression is not parsed: that the name occurs in it is enough to wait. */
  private boolean mayName(String column) {
    return columns.contains(column)
        || sql.stream()
            .anyMatch(it -> it.toLowerCase(Locale.ROOT).contains(column.toLowerCase(Locale.ROOT)));
  }
}
