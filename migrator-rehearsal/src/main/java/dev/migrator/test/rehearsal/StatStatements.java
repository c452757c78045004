package dev.migrator.test.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Reads the statements that a server has counted. */
final class StatStatements {

  /** Of those that are left out one by one. */
  private static final int MOST_NAMED = 50;

  private static final String SCHEMA =
      """
      SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
      """;

  private static final String STATEMENTS =
      """
      SELECT DISTINCT query FROM %s.pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
         AND query IS NOT NULL
      """;

  private static final String TYPES =
      """
      SELECT CASE WHEN n.nspname = 'pg_catalog' THEN t.typname::text ELSE t.oid::pg_catalog.regtype::text END
        FROM pg_catalog.pg_prepared_statements p, unnest(p.parameter_types) WITH ORDINALITY x (type, number)
        JOIN pg_catalog.pg_type t ON t.oid = x.type
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       WHERE p.name = 'migrator_recorded' ORDER BY x.number
      """;

  private final Connection connection;

  private final List<RecordedStatement> statements = new ArrayList<>();

  private final List<String> leftOut = new ArrayList<>();

  private int commands;

  private int withValues;

  private int hidden;

  private int refused;

  private StatStatements(Connection connection) {
    this.connection = connection;
  }

  static RecordedStatements read(DataSource live) {
    try (Connection connection = live.getConnection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      try {
        return new StatStatements(connection).read();
      } finally {
        connection.rollback();
      }
    } catch (SQLException ex) {
      throw new RehearsalException(
          "the statements of the server cannot be read: %s. They need the extension pg_stat_statements, in shared_preload_libraries, and a role that may read it; or have the tests of the release record them by StatementRecorder.to(…)"
              .formatted(ex.getMessage()),
          ex);
    }
  }

  private RecordedStatements read() throws SQLException {
    List<String> schema = Sql.list(connection, SCHEMA, rs -> rs.getString(1));
    if (schema.isEmpty()) {
      throw new RehearsalException(
          "the database has no extension pg_stat_statements: CREATE EXTENSION pg_stat_statements, with it in shared_preload_libraries; or have the tests of the release record its statements by StatementRecorder.to(…)");
    }
    String all = STATEMENTS.formatted(schema.get(0));
    TreeSet<String> texts = new TreeSet<>(Sql.list(connection, all, rs -> rs.getString(1)));
    connection.rollback();
    for (String sql : texts) {
      look(sql);
    }
    note(commands, "are no statements that read or write rows");
    note(withValues, "may have values in their text, as the server has no parameter for each");
    note(hidden, "are those of other roles: GRANT pg_read_all_stats to the one that reads");
    note(refused - MOST_NAMED, "more are refused by the server");
    return new RecordedStatements(statements, leftOut);
  }

  private void note(int number, String what) {
    if (number > 0) {
      leftOut.add("%d %s".formatted(number, what));
    }
  }

  private void look(String sql) throws SQLException {
    StatementText text = new StatementText(sql);
    if (sql.equals("<insufficient privilege>")) {
      hidden++;
    } else if (sql.contains("/* migrator ") || sql.contains("migrator.")) {
      // The library's own: a server does not know who has sent what it counts.
      return;
    } else if (!text.isOfRows()) {
      commands++;
    } else if (mayHaveValues(text)) {
      withValues++;
    } else if (text.hasSeveral()) {
      leaveOut(sql, "there are several in one");
    } else {
      prepare(sql, text.toJdbc());
    }
  }

  /** A server keeps the text as it was sent if it forgets a statement while it runs. */
  private static boolean mayHaveValues(StatementText text) {
    return text.hasQuoted() || (text.hasLiteral() && text.toJdbc().numbers().isEmpty());
  }

  /** In a transaction of its own, so that no table stays locked, and no lock is waited for. */
  private void prepare(String sql, StatementText.Jdbc jdbc) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("SET LOCAL lock_timeout = '2s'");
      statement.execute("PREPARE migrator_recorded AS " + sql);
      List<String> types = Sql.list(connection, TYPES, rs -> rs.getString(1));
      statement.execute("DEALLOCATE migrator_recorded");
      connection.rollback();
      statements.add(
          new RecordedStatement(
              jdbc.sql().strip(),
              List.of(),
              jdbc.numbers().stream().map(it -> types.get(it - 1)).toList(),
              List.of()));
    } catch (PSQLException ex) {
      connection.rollback();
      ServerErrorMessage server = ex.getServerErrorMessage();
      if (server == null) {
        throw ex;
      }
      leaveOut(sql, String.valueOf(server.getMessage()));
    }
  }

  private void leaveOut(String sql, String why) {
    refused++;
    if (refused <= MOST_NAMED) {
      String line = TextReport.oneLine(sql);
      leftOut.add(
          "%s: %s".formatted(why, line.length() > 200 ? line.substring(0, 200) + "…" : line));
    }
  }
}
