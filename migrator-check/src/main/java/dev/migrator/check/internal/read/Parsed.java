package dev.migrator.check.internal.read;

import dev.migrator.plan.LockMode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement, as far as it is understood.
 *
 * @param kind what kind it is
 * @param table the table, view or index that it is about; {@code null} if there is none
 * @param others other tables that it names
 * @param actions what ALTER TABLE does; of CREATE TABLE its constraints
 * @param marks what else it says
 * @param name the name of what is made, such as of an index; {@code null} if it says none
 * @param columns the columns that it makes
 * @param rest what stands behind the name of the table, for people
 * @param index of an index, what it is on; {@code null} if the builder cannot make it
 * @param lock of LOCK TABLE, the mode; else {@code null}
 */
public record Parsed(
    StatementKind kind,
    @Nullable QualifiedName table,
    List<QualifiedName> others,
    List<Action> actions,
    Set<Mark> marks,
    @Nullable String name,
    List<ColumnDefinition> columns,
    String rest,
    @Nullable IndexDefinition index,
    @Nullable LockMode lock) {

  /** What a statement says beside. */
  public enum Mark {
    OPTIONAL,
    CASCADE,
    UNIQUE,
    ONLY,
    WHERE,
    REPLACE,
    ADDS_VALUE,
    RENAMES,
    RENAMES_VALUE,
    ADDS_CHECK,
    REFUSES_NULL,
    PARTITIONED,
    NOT_VALID,
    NO_DATA,
    QUERY
  }

  public Parsed {
    others = List.copyOf(others);
    actions = List.copyOf(actions);
    marks = Set.copyOf(marks);
    columns = List.copyOf(columns);
  }

  Parsed(
      StatementKind kind,
      @Nullable QualifiedName table,
      List<QualifiedName> others,
      List<Action> actions,
      Set<Mark> marks,
      @Nullable String name,
      List<ColumnDefinition> columns,
      String rest) {
    this(kind, table, others, actions, marks, name, columns, rest, null, null);
  }

  Parsed with(@Nullable IndexDefinition made) {
    return new Parsed(kind, table, others, actions, marks, name, columns, rest, made, lock);
  }

  Parsed with(LockMode mode) {
    return new Parsed(kind, table, others, actions, marks, name, columns, rest, index, mode);
  }

  static Parsed of(StatementKind kind) {
    return of(kind, null);
  }

  static Parsed of(StatementKind kind, @Nullable QualifiedName table, Mark... marks) {
    return new Parsed(kind, table, List.of(), List.of(), Set.of(marks), null, List.of(), "");
  }

  /** Whether it does that. */
  public boolean does(ActionKind action) {
    return actions.stream().anyMatch(it -> it.kind() == action);
  }

  /** Whether it says that. */
  public boolean has(Mark mark) {
    return marks.contains(mark);
  }

  /** As people read it: an ALTER TABLE with what it does. */
  public String text() {
    if (actions.size() != 1 || kind != StatementKind.ALTER_TABLE) {
      return kind.text();
    }
    return kind.text()
        + " … "
        + switch (actions.get(0).kind()) {
          case OTHER -> "";
          default -> actions.get(0).kind().name().replace('_', ' ');
        };
  }
}
