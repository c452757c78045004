package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.rehearsal.UseFinding.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** With which values each statement runs. */
  private final Map<RecordedStatement, Choice> choices = new LinkedHashMap<>();

  /** A connection that has prepared the statements. */
  private @Nullable Prepared prepared;

  Users(TestDatabase database, List<Use> uses) {
    this.database = database;
    this.uses = uses;
  }

  List<UseFinding> findings() {
    return List.copyOf(findings);
  }

  /** Statements of which only the server's refusal can be compared. */
  List<String> warnings() {
    List<String> refused = new ArrayList<>();
    choices.forEach(
        (statement, choice) -> {
          if (choice.refusal() != null) {
            refused.add(
                "%s (%s)"
                    .formatted(TextReport.oneLine(statement.sql()), choice.refusal().message()));
          }
        });
    return refused.isEmpty()
        ? List.of()
        : List.of(
            "of %d of %d statements no values are known that the tables take, and only what the server says of them is compared; have them recorded withValues(), or wish for rows: %s"
                .formatted(refused.size(), choices.size(), String.join("; ", refused)));
  }

  /**
   * Runs all statements that have to work now.
   *
   * @param reached the phase that is reached; {@code null} before the first
   * @param stage what to call that
   */
  void run(@Nullable Phase reached, String stage) {
    List<RecordedStatement> statements = Use.counting(uses, reached);
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

  /**
   * Looks for the values of statements that have to work later, as long as nothing has changed that
   * could refuse them.
   */
  void foresee() {
    try (Connection connection = Sessions.preparing(database).getConnection()) {
      connection.setAutoCommit(false);
      for (Use use : uses) {
        for (RecordedStatement recorded : use.statements()) {
          Choice choice = use.counts(null) ? null : foresee(connection, recorded);
          if (choice != null && choice.refusal() == null) {
            choices.putIfAbsent(recorded, choice);
          }
        }
      }
    } catch (SQLException ex) {
      throw new RehearsalException("the statements cannot be run: " + ex.getMessage(), ex);
    }
  }

  /** Returns {@code null} where it does not work yet. */
  private static @Nullable Choice foresee(Connection connection, RecordedStatement recorded)
      throws SQLException {
    try (UsedStatement statement = new UsedStatement(connection, recorded)) {
      return statement.choose();
    } catch (SQLException ex) {
      connection.rollback();
      return null;
    }
  }

  /** What has to work before a phase and after it, and has. */
  Map<RecordedStatement, Choice> throughout(@Nullable Phase reached, @Nullable Phase next) {
    List<RecordedStatement> after = Use.counting(uses, next);
    Map<RecordedStatement, Choice> steady = new LinkedHashMap<>();
    for (RecordedStatement it : Use.counting(uses, reached)) {
      Choice choice = choices.get(it);
      if (choice != null && after.contains(it)) {
        steady.put(it, choice);
      }
    }
    return steady;
  }

  private void found(String stage, RecordedStatement statement, Kind kind, SQLException failure) {
    UseFinding finding =
        new UseFinding(stage, statement.sql(), kind, String.valueOf(failure.getMessage()));
    boolean known =
        findings.stream()
            .anyMatch(
                it ->
                    it.stage().equals(stage)
                        && it.statement().equals(statement.sql())
                        && it.kind() == kind);
    if (!known) {
      findings.add(finding);
    }
  }

  /** A connection with its prepared statements. */
  private final class Prepared implements AutoCloseable {

    private final Connection connection;

    private final Map<RecordedStatement, UsedStatement> statements = new LinkedHashMap<>();

    Prepared(Connection connection) throws SQLException {
      this.connection = connection;
      connection.setAutoCommit(false);
    }

    /** Those that work. */
    void prepare(List<RecordedStatement> all, String stage) throws SQLException {
      for (RecordedStatement recorded : all) {
        UsedStatement statement = new UsedStatement(connection, recorded);
        SQLException failure = chooseOrRun(recorded, statement);
        if (failure == null) {
          statements.put(recorded, statement);
        } else {
          statement.close();
          found(stage, recorded, Kind.FAILS, failure);
        }
      }
    }

    private @Nullable SQLException chooseOrRun(RecordedStatement recorded, UsedStatement statement)
        throws SQLException {
      Choice known = choices.get(recorded);
      if (known != null) {
        return statement.run(known);
      }
      try {
        choices.put(recorded, statement.choose());
        return null;
      } catch (SQLException ex) {
        connection.rollback();
        return ex;
      }
    }

    void run(List<RecordedStatement> all, String stage) throws SQLException {
      for (RecordedStatement recorded : all) {
        UsedStatement statement = statements.get(recorded);
        Choice choice = choices.get(recorded);
        if (statement == null || choice == null) {
          continue;
        }
        SQLException failure = statement.run(choice);
        if (failure == null) {
          continue;
        }
        if (!NOT_SUPPORTED.equals(failure.getSQLState())) {
          found(stage, recorded, Kind.FAILS, failure);
          continue;
        }
        SQLException again = statement.runProtected(choice);
        found(
            stage,
            recorded,
            again == null ? Kind.STALE_ONCE : Kind.FAILS,
            again == null ? failure : again);
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
