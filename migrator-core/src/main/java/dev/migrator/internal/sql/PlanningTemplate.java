package dev.migrator.internal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.SqlProvider;

/** Sends statements, and has the server plan queries once where much of one kind is done. */
final class PlanningTemplate extends JdbcTemplate {

  private static final String BEGIN =
      "SAVEPOINT migrator_plans; SET LOCAL plan_cache_mode = force_generic_plan";

  private final ThreadLocal<PlannedQueries> planned = new ThreadLocal<>();

  PlanningTemplate(DataSource dataSource) {
    super(dataSource);
  }

  /** Does work of a transaction that sends the same queries again and again. */
  <T extends @Nullable Object> T planningOnce(Supplier<T> work) {
    PlannedQueries outer = planned.get();
    PlannedQueries queries = new PlannedQueries();
    execute(BEGIN);
    planned.set(queries);
    T result;
    try {
      result = work.get();
    } catch (RuntimeException ex) {
      try {
        end("ROLLBACK TO SAVEPOINT migrator_plans", queries);
      } catch (RuntimeException second) {
        // With the connection all is gone that was prepared.
        ex.addSuppressed(second);
      }
      throw ex;
    } finally {
      if (outer == null) {
        planned.remove();
      } else {
        planned.set(outer);
      }
    }
    end("RELEASE SAVEPOINT migrator_plans", queries);
    return result;
  }

  private void end(String first, PlannedQueries queries) {
    execute(first + "; " + queries.forget());
  }

  @Override
  public <T extends @Nullable Object> T query(
      PreparedStatementCreator creator,
      @Nullable PreparedStatementSetter setter,
      ResultSetExtractor<T> extractor) {
    PlannedQueries queries = planned.get();
    return super.query(
        (queries == null) ? creator : new Planned(creator, queries), setter, extractor);
  }

  /**
   * A query that is planned once.
   *
   * @param creator makes its statement
   * @param queries those that are known
   */
  private record Planned(PreparedStatementCreator creator, PlannedQueries queries)
      implements PreparedStatementCreator, SqlProvider {

    @Override
    public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
      return creator.createPreparedStatement(queries.on(connection));
    }

    @Override
    public @Nullable String getSql() {
      return (creator instanceof SqlProvider provider) ? provider.getSql() : null;
    }
  }
}
