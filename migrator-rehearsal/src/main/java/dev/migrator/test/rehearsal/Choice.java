package dev.migrator.test.rehearsal;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The values with which a statement is run, found when it runs for the first time.
 *
 * @param values of its parameters
 * @param refusal what the server then says of them, where none of those that were tried suits; the
 *     same later says nothing against the migration
 */
record Choice(List<@Nullable String> values, @Nullable Refusal refusal) {

  /**
   * What the server says of values.
   *
   * @param state the SQLSTATE
   * @param table the table, if it names one
   * @param column the column
   * @param constraint the constraint
   * @param message the words
   */
  record Refusal(
      String state,
      @Nullable String table,
      @Nullable String column,
      @Nullable String constraint,
      String message) {

    static Refusal of(SQLException failure) {
      ServerErrorMessage server =
          (failure instanceof PSQLException it) ? it.getServerErrorMessage() : null;
      return new Refusal(
          String.valueOf(failure.getSQLState()),
          (server == null) ? null : server.getTable(),
          (server == null) ? null : server.getColumn(),
          (server == null) ? null : server.getConstraint(),
          String.valueOf(server == null ? failure.getMessage() : server.getMessage()));
    }

    boolean isSame(Refusal other) {
      return state.equals(other.state)
          && Objects.equals(table, other.table)
          && Objects.equals(column, other.column)
          && Objects.equals(constraint, other.constraint);
    }
  }

  /**
   * Whether what comes later could still be refused: a missing value and a known key come early.
   */
  boolean isDeep() {
    return refusal == null || !List.of("23502", "23505").contains(refusal.state());
  }

  /** Whether it is about values, and not about the statement: other ones could suit. */
  static boolean isOfValues(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return List.of("22", "23", "P0", "44").contains(state.substring(0, 2));
  }
}
