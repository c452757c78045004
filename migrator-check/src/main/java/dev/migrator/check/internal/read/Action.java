package dev.migrator.check.internal.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that ALTER TABLE does.
 *
 * @param kind what
 * @param name the column, constraint or other thing it is about; {@code null} if it says none
 * @param definition what stands behind the name, such as a type or a constraint
 * @param column of a column that is added, what is said of it
 * @param references the table of a foreign key, or the partition
 * @param columns the columns of a constraint
 * @param notValid whether old rows are not checked
 * @param usingIndex the index that a constraint takes; {@code null} if it builds one
 * @param optional whether it says IF EXISTS or IF NOT EXISTS
 * @param cascade whether it says CASCADE
 */
public record Action(
    ActionKind kind,
    @Nullable String name,
    String definition,
    @Nullable ColumnDefinition column,
    @Nullable QualifiedName references,
    List<String> columns,
    boolean notValid,
    @Nullable String usingIndex,
    boolean optional,
    boolean cascade) {

  public Action {
    columns = List.copyOf(columns);
  }

  static Action of(ActionKind kind, @Nullable String name, String definition) {
    return new Action(kind, name, definition, null, null, List.of(), false, null, false, false);
  }

  Action with(@Nullable QualifiedName table) {
    return new Action(
        kind, name, definition, column, table, columns, notValid, usingIndex, optional, cascade);
  }

  Action flagged(boolean ifExists, boolean cascades) {
    return new Action(
        kind,
        name,
        definition,
        column,
        references,
        columns,
        notValid,
        usingIndex,
        ifExists,
        cascades);
  }
}
