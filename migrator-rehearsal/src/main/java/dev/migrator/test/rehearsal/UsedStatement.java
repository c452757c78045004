package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.Choice.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/** A statement of the application, prepared on one connection; each run is rolled back. */
final class UsedStatement implements AutoCloseable {

  /** A result is looked at no further. */
  private static final int MOST_ROWS = 1_000;

  private static final int MOST_SECONDS = 60;

  private final Connection connection;

  private final RecordedStatement recorded;

  private final PreparedStatement prepared;

  UsedStatement(Connection connection, RecordedStatement recorded) throws SQLException {
    this.connection = connection;
    this.recorded = recorded;
    List<String> keys = recorded.keys();
    this.prepared =
        keys.isEmpty()
            ? connection.prepareStatement(recorded.sql())
            : keys.equals(List.of("*"))
                ? connection.prepareStatement(recorded.sql(), Statement.RETURN_GENERATED_KEYS)
                : connection.prepareStatement(recorded.sql(), keys.toArray(String[]::new));
    prepared.setMaxRows(MOST_ROWS);
    prepared.setQueryTimeout(MOST_SECONDS);
  }

  /**
   * Finds values that the tables take.
   *
   * @throws SQLException if the statement does not work, whatever the values are
   */
  Choice choose() throws SQLException {
    List<String> types = SampleValues.types(prepared, recorded);
    List<List<@Nullable String>> all = SampleValues.of(connection, recorded, types);
    Choice refused = null;
    for (List<@Nullable String> values : all) {
      SQLException failure = execute(values);
      if (failure == null) {
        return new Choice(values, null);
      }
      if (types.isEmpty() || !Choice.isOfValues(failure)) {
        throw failure;
      }
      if (refused == null || !refused.isDeep()) {
        refused = new Choice(values, Refusal.of(failure));
      }
    }
    return Objects.requireNonNull(refused, () -> "nothing to try for " + recorded);
  }

  /** Returns what went wrong that did not when the values were chosen. */
  @Nullable SQLException run(Choice choice) throws SQLException {
    SQLException failure = execute(choice.values());
    Refusal expected = choice.refusal();
    boolean same = failure != null && expected != null && Refusal.of(failure).isSame(expected);
    return same ? null : failure;
  }

  /** With the transaction saved before it, as the starter has every connection do. */
  @Nullable SQLException runProtected(Choice choice) throws SQLException {
    connection.unwrap(PGConnection.class).setAutosave(AutoSave.CONSERVATIVE);
    SQLException failure = run(choice);
    connection.unwrap(PGConnection.class).setAutosave(AutoSave.NEVER);
    return failure;
  }

  /** Not the first statement of its transaction, which a driver could repeat by itself. */
  private @Nullable SQLException execute(List<@Nullable String> values) throws SQLException {
    try {
      SampleValues.bind(prepared, recorded, values);
      Sql.execute(connection, "SELECT 1");
      prepared.execute();
      return null;
    } catch (SQLException ex) {
      return ex;
    } finally {
      connection.rollback();
    }
  }

  @Override
  public void close() throws SQLException {
    prepared.close();
  }
}
