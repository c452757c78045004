package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.rehearsal.UseFinding.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/**
 * The application, played by its statements. After each phase they run on new connections, and on
 * connections that prepared them before that phase; in transactions that are rolled back.
 */
final class Users implements AutoCloseable {

  /** What the server says of a prepared statement whose result has another shape now. */
  private static final String NOT_SUPPORTED = "0A000";

  private final TestDatabase database;

  private final List<Use> uses;

  private final List<UseFinding> findings = new ArrayList<>();

  /** A connection that has prepared the statements. */
  private @Nullable Prepared prepared;

  Users(TestDatabase database, List<Use> uses) {
    this.database = database;
    this.uses = uses;
  }

  List<UseFinding> findings() {
    return List.copyOf(findings);
  }

  /**
   * Runs all statements that have to work now.
   *
   * @param reached the phase that is reached; {@code null} before the first
   * @param stage what to call that
   */
  void run(@Nullable Phase reached, String stage) {
    List<String> statements = Use.counting(uses, reached);
    if (statements.isEmpty()) {
      return;
    }
    try {
      Prepared before = prepared;
      if (before != null) {
        before.run(statements, stage);
        before.close();
      }
      Prepared fresh = new Prepared(Sessions.preparing(database).getConnection());
      prepared = fresh;
      fresh.prepare(statements, stage);
    } catch (SQLException ex) {
      throw new RehearsalException("the statements cannot be run: " + ex.getMessage(), ex);
    }
  }

  private void found(String stage, String statement, Kind kind, SQLException failure) {
    UseFinding finding =
        new UseFinding(stage, statement, kind, String.valueOf(failure.getMessage()));
    boolean known =
        findings.stream()
            .anyMatch(
                it ->
                    it.stage().equals(stage)
                        && it.statement().equals(statement)
                        && it.kind() == kind);
    if (!known) {
      findings.add(finding);
    }
  }

  /** A connection with its prepared statements. */
  private final class Prepared implements AutoCloseable {

    private final Connection connection;

    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();

    Prepared(Connection connection) throws SQLException {
      this.connection = connection;
      connection.setAutoCommit(false);
    }

    /** Those that work. */
    void prepare(List<String> all, String stage) throws SQLException {
      for (String sql : all) {
        PreparedStatement statement = connection.prepareStatement(sql);
        SQLException failure = execute(statement);
        if (failure == null) {
          statements.put(sql, statement);
        } else {
          statement.close();
          found(stage, sql, Kind.FAILS, failure);
        }
      }
    }

    void run(List<String> all, String stage) throws SQLException {
      for (String sql : all) {
        PreparedStatement statement = statements.get(sql);
        SQLException failure = (statement == null) ? null : execute(statement);
        if (failure == null || statement == null) {
          continue;
        }
        if (!NOT_SUPPORTED.equals(failure.getSQLState())) {
          found(stage, sql, Kind.FAILS, failure);
          continue;
        }
        // As the starter has every connection do before such a change.
        connection.unwrap(PGConnection.class).setAutosave(AutoSave.CONSERVATIVE);
        SQLException again = execute(statement);
        connection.unwrap(PGConnection.class).setAutosave(AutoSave.NEVER);
        found(
            stage,
            sql,
            again == null ? Kind.STALE_ONCE : Kind.FAILS,
            again == null ? failure : again);
      }
    }

    /** Not the first statement of its transaction, which a driver could repeat by itself. */
    private @Nullable SQLException execute(PreparedStatement statement) throws SQLException {
      try {
        Sql.execute(connection, "SELECT 1");
        statement.execute();
        return null;
      } catch (SQLException ex) {
        return ex;
      } finally {
        connection.rollback();
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  @Override
  public void close() {
    if (prepared != null) {
      try {
        prepared.close();
      } catch (SQLException ex) {
        throw new RehearsalException("a connection cannot be closed", ex);
      }
    }
  }
}
