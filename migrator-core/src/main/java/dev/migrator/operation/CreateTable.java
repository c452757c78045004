package dev.migrator.operation;

import dev.migrator.OnDelete;
import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new table. See {@link dev.migrator.MigrationBuilder#createTable(String)}.
 *
 * @param table the table
 * @param columns its columns, in their order; at least one
 * @param primaryKey the literal names of the columns of its primary key; empty if it has none
 * @param uniques its unique constraints
 * @param checks its CHECK constraints
 * @param foreignKeys its foreign keys
 * @param comment what describes it; {@code null} if nothing does
 */
public record CreateTable(
    TableName table,
    List<Column> columns,
    List<String> primaryKey,
    List<Unique> uniques,
    List<Check> checks,
    List<ForeignKey> foreignKeys,
    @Nullable String comment)
    implements Operation {

  /** Copies the lists, and checks that the names fit each other. */
  public CreateTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    uniques = List.copyOf(uniques);
    checks = List.copyOf(checks);
    foreignKeys = List.copyOf(foreignKeys);
    Set<String> known = new HashSet<>();
    for (Column column : columns) {
      if (!known.add(column.name())) {
        throw invalid(
            ErrorCode.NAMED_TWICE,
            table,
            "the column \"%s\" stands twice".formatted(column.name()));
      }
    }
    requireKnown(table, known, "the primary key", primaryKey);
    List<String> names = new ArrayList<>();
    for (Unique unique : uniques) {
      requireKnown(table, known, "the constraint \"" + unique.name() + '"', unique.columns());
      names.add(unique.name());
    }
    for (ForeignKey key : foreignKeys) {
      requireKnown(table, known, "the foreign key \"" + key.name() + '"', key.columns());
      names.add(key.name());
    }
    checks.forEach(it -> names.add(it.name()));
    Set<String> once = new HashSet<>();
    for (String name : names) {
      if (!once.add(name)) {
        throw invalid(
            ErrorCode.NAMED_TWICE, table, "two constraints have the name \"%s\"".formatted(name));
      }
    }
  }

  @Override
  public boolean createsTable() {
    return true;
  }

  @Override
  public Phase last() {
    return Phase.EXPAND;
  }

  private static void requireKnown(
      TableName table, Set<String> known, String what, List<String> columns) {
    for (String column : columns) {
      if (!known.contains(column)) {
        throw invalid(
            ErrorCode.COLUMN_NOT_DECLARED,
            table,
            "%s names the column \"%s\", which the table does not have; declare the column before it"
                .formatted(what, column));
      }
    }
  }

  private static InvalidMigrationException invalid(
      ErrorCode code, TableName table, String message) {
    return new InvalidMigrationException(
        code, "createTable of \"%s\": %s".formatted(table, message));
  }

  /**
   * A column of a new table.
   *
   * @param name its literal name
   * @param type its type as SQL writes it
   * @param notNull whether it refuses NULL
   * @param defaultExpression its default as SQL writes it; {@code null} if it has none
   * @param identity who gives it its numbers; {@code null} if it is no identity column
   * @param comment what describes it; {@code null} if nothing does
   */
  public record Column(
      String name,
      String type,
      boolean notNull,
      @Nullable String defaultExpression,
      @Nullable Identity identity,
      @Nullable String comment) {

    /** Checks the name, and that the type is not empty. */
    public Column {
      Names.check("column", name);
      if (type.isBlank()) {
        throw new InvalidMigrationException(
            ErrorCode.TEXT_MISSING,
            "the column \"%s\" has an empty type; give it one, such as \"text\"".formatted(name));
      }
      if (identity != null && defaultExpression != null) {
        throw new InvalidMigrationException(
            ErrorCode.OPTIONS_CONTRADICT,
            "the column \"%s\" is an identity column and has a default; keep one of them"
                .formatted(name));
      }
    }
  }

  /** Who gives an identity column its numbers. */
  public enum Identity {

    /** The sequence, unless an insert gives one. */
    BY_DEFAULT,

    /** The sequence; an insert that gives one fails. */
    ALWAYS
  }

  /**
   * A unique constraint of a new table.
   *
   * @param name the literal name of the constraint and of its index
   * @param columns the literal names of the columns that together are unique
   */
  public record Unique(String name, List<String> columns) {

    /** Checks the name and copies the list. */
    public Unique {
      Names.check("constraint", name);
      columns = List.copyOf(columns);
    }
  }

  /**
   * A CHECK constraint of a new table.
   *
   * @param name the literal name of the constraint
   * @param expression what holds for every row, as SQL writes it
   */
  public record Check(String name, String expression) {

    /** Checks the name. */
    public Check {
      Names.check("constraint", name);
    }
  }

  /**
   * A foreign key of a new table.
   *
   * @param name the literal name of the constraint
   * @param columns the literal names of the columns that refer
   * @param parent the table that is referred to
   * @param parentColumns the columns that are referred to, in the order of {@code columns}
   * @param onDelete what becomes of the rows when what they refer to is deleted
   */
  public record ForeignKey(
      String name,
      List<String> columns,
      TableName parent,
      List<String> parentColumns,
      OnDelete onDelete) {

    /** Checks the name and copies the lists. */
    public ForeignKey {
      Names.check("constraint", name);
      columns = List.copyOf(columns);
      parentColumns = List.copyOf(parentColumns);
      if (columns.size() != parentColumns.size()) {
        throw new InvalidMigrationException(
            ErrorCode.KEY_COLUMNS_DIFFER,
            "the foreign key \"%s\" has the columns %s, but refers to %s of %s; both sides need the same number"
                .formatted(name, columns, parentColumns, parent));
      }
    }
  }
}
