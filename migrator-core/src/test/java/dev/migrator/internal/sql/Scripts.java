package dev.migrator.internal.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Runs a script as psql does: statement by statement in one session, and ends at an error. */
public final class Scripts {

  private Scripts() {}

  public static void run(DataSource dataSource, String script) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : split(script)) {
        statement.execute(sql);
      }
    } catch (SQLException ex) {
      throw new AssertionError(script, ex);
    }
  }

  private static List<String> split(String script) {
    List<String> statements = new ArrayList<>();
    int start = -1;
    for (SqlLexer.Token token : SqlLexer.tokens(script)) {
      boolean end = script.substring(token.start(), token.end()).equals(";");
      if (start < 0 && !end) {
        start = token.start();
      } else if (end && start >= 0) {
        statements.add(script.substring(start, token.start()));
        start = -1;
      }
    }
    return statements;
  }
}
