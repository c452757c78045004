package dev.migrator.internal.operation;

import dev.migrator.TableName;
import dev.migrator.internal.sql.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an operation affects of one table.
 *
 * @param table the table, quoted, with or without its schema
 * @param kind how
 * @param columns the columns that it names
 * @param expressions SQL that may name further ones
 * @param indexes the names of indexes that it makes or drops
 */
public record AffectedObjects(
    String table, Kind kind, List<String> columns, List<String> expressions, List<String> indexes) {

  /** How a table is affected. */
  public enum Kind {

    /** Columns come or go. */
    COLUMNS,

    /** Columns are constrained or indexed. */
    CONSTRAINTS,

    /** Columns become a unique key. */
    KEY,

    /** Columns have to be a unique key. */
    REFERENCED,

    /** The table itself comes or goes. */
    TABLE
  }

  public AffectedObjects {
    columns = List.copyOf(columns);
    expressions = List.copyOf(expressions);
    indexes = List.copyOf(indexes);
  }

  /** Columns of a table, and SQL that may name further ones. */
  public static AffectedObjects of(
      TableName table, Kind kind, List<String> columns, @Nullable String... expressions) {
    List<String> given = new ArrayList<>();
    for (String expression : expressions) {
      if (expression != null) {
        given.add(expression);
      }
    }
    return new AffectedObjects(quoted(table), kind, columns, given, List.of());
  }

  /** The same with an index that comes or goes. */
  public AffectedObjects index(String name) {
    return new AffectedObjects(table, kind, columns, expressions, List.of(name));
  }

  private static String quoted(TableName table) {
    return (table.schema() == null)
        ? Identifiers.quote(table.name())
        : Identifiers.quote(table.schema(), table.name());
  }

  /**
   * Whether what is begun later has to wait for this. Constraints and indexes do not wait for each
   * other, but for an index of the same name, and for a key that they refer to.
   */
  public boolean blocks(AffectedObjects later) {
    if (!isSameTable(later)) {
      return false;
    }
    if (kind == Kind.TABLE || later.kind == Kind.TABLE) {
      return true;
    }
    if (kind == Kind.REFERENCED) {
      return false;
    }
    if (later.kind == Kind.REFERENCED) {
      return kind == Kind.KEY && sharesColumns(later);
    }
    if (kind == Kind.COLUMNS || later.kind == Kind.COLUMNS) {
      return sharesColumns(later);
    }
    return indexes.stream().anyMatch(later.indexes::contains);
  }

  /** Whether both affect a column, and one of them as such, or the table that has it. */
  public boolean sharesChangedColumn(AffectedObjects other) {
    boolean table = kind == Kind.TABLE || other.kind == Kind.TABLE;
    boolean changed = kind == Kind.COLUMNS || other.kind == Kind.COLUMNS;
    boolean referenced = kind == Kind.REFERENCED || other.kind == Kind.REFERENCED;
    return isSameTable(other) && (table || (changed && !referenced && sharesColumns(other)));
  }

  /**
   * Whether the table is changed here that comes or goes later: what is retired in it has to be
   * dropped first.
   */
  public boolean isInTableOf(AffectedObjects later) {
    return kind == Kind.COLUMNS && later.kind == Kind.TABLE && isSameTable(later);
  }

  private boolean isSameTable(AffectedObjects other) {
    return table.equals(other.table)
        || table.endsWith("." + other.table)
        || other.table.endsWith("." + table);
  }

  private boolean sharesColumns(AffectedObjects other) {
    return columns.stream().anyMatch(other::mayName)
        || other.columns.stream().anyMatch(this::mayName);
  }

  /** An expression is not parsed: that the name occurs in it is enough to wait. */
  private boolean mayName(String column) {
    return columns.contains(column)
        || expressions.stream()
            .anyMatch(it -> it.toLowerCase(Locale.ROOT).contains(column.toLowerCase(Locale.ROOT)));
  }
}
