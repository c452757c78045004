package dev.migrator.check.internal.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that ALTER TABLE does.
 *
 * @param kind what
 * @param name the column, constraint or other thing it is about; {@code null} if it says none
 * @param definition what stands behind the name, such as a type, or a constraint without NOT VALID
 * @param column of a column that is added, what is said of it
 * @param constraint of a constraint that is added, what is said of it
 * @param references the table of a foreign key, or the partition
 * @param converts whether a type is set with USING
 * @param optional whether it says IF EXISTS or IF NOT EXISTS
 * @param cascade whether it says CASCADE
 */
public record Action(
    ActionKind kind,
    @Nullable String name,
    String definition,
    @Nullable ColumnDefinition column,
    ConstraintDefinition constraint,
    @Nullable QualifiedName references,
    boolean converts,
    boolean optional,
    boolean cascade) {

  static Action of(ActionKind kind, @Nullable String name, String definition) {
    return new Action(
        kind, name, definition, null, ConstraintDefinition.NONE, null, false, false, false);
  }

  Action with(@Nullable QualifiedName table) {
    return new Action(
        kind, name, definition, column, constraint, table, converts, optional, cascade);
  }

  Action with(ConstraintDefinition added) {
    return new Action(
        kind, name, definition, column, added, references, converts, optional, cascade);
  }

  Action with(ColumnDefinition added) {
    return new Action(
        kind, name, definition, added, constraint, added.references(), converts, optional, cascade);
  }

  Action converting(boolean using) {
    return new Action(
        kind, name, definition, column, constraint, references, using, optional, cascade);
  }

  Action flagged(boolean ifExists, boolean cascades) {
    return new Action(
        kind, name, definition, column, constraint, references, converts, ifExists, cascades);
  }

  /** The columns of a constraint. */
  public List<String> columns() {
    return constraint.key().columns();
  }

  /** Whether a constraint does not check old rows. */
  public boolean notValid() {
    return constraint.notValid();
  }

  /** The index that a constraint takes; {@code null} if it builds one. */
  public @Nullable String usingIndex() {
    return constraint.usingIndex();
  }
}
