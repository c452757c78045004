package dev.migrator.internal.engine.step;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.IndexStatement;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.SqlStatementStep;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Runs a statement of a SQL file that cannot run in a transaction. Of an index, the catalog says
 * whether an attempt that was cut off has built it; what was left invalid is dropped and built
 * anew. Every other statement is run again.
 */
final class SqlStatementExecutor implements StepExecutor<SqlStatementStep> {

  private final ExecutionContext context;

  private final IndexBuilder indexes;

  SqlStatementExecutor(ExecutionContext context, IndexBuilder indexes) {
    this.context = context;
    this.indexes = indexes;
  }

  @Override
  public boolean run(StepRun run, SqlStatementStep step) {
    ConcurrentIndexExecutor.askGate(context, run, step);
    try {
      IndexStatement index = IndexStatement.of(step.placed().sql()).orElse(null);
      boolean done =
          (index == null)
              ? indexes.untilDone(run.id(), step.name(), step.placed().sql())
              : build(run, step, index);
      return done && context.finished(run.finish());
    } catch (DataAccessException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      throw new FileRefused(
          "%s, line %d: %s; the statement: %s"
              .formatted(
                  step.path(),
                  step.placed().line(),
                  SqlState.describe(ex),
                  HoldLimit.excerpt(step.placed())));
    }
  }

  private boolean build(StepRun run, SqlStatementStep step, IndexStatement index) {
    IndexName name = context.database().inTransaction(() -> name(index, step.resumed(), step));
    if (name == null) {
      return true; // dropped by an attempt that was cut off, or not there
    }
    ConcurrentIndexStep whole =
        index.create()
            ? ConcurrentIndexStep.build(step.info(), name, step.placed().sql())
            : ConcurrentIndexStep.drop(step.info(), name);
    return indexes.run(run.id(), whole);
  }

  private @Nullable IndexName name(IndexStatement index, boolean resumed, SqlStatementStep step) {
    String name = String.valueOf(index.name());
    if (!index.create()) {
      return schemaOf(index.quoted(index.of()))
          .map(it -> new IndexName(it, name))
          .orElseGet(
              () -> {
                if (!resumed && !index.optional()) {
                  throw refused(step, "the index %s is not there".formatted(name));
                }
                return null;
              });
    }
    String schema =
        schemaOf(String.valueOf(index.of()))
            .orElseThrow(() -> refused(step, "the table %s is not there".formatted(index.of())));
    IndexName found = new IndexName(schema, name);
    if (!resumed && !index.optional() && isValid(found)) {
      throw refused(
          step, "an index %s is there already; say IF NOT EXISTS if it may be".formatted(name));
    }
    return found;
  }

  private static FileRefused refused(SqlStatementStep step, String what) {
    return new FileRefused("%s, line %d: %s".formatted(step.path(), step.placed().line(), what));
  }

  private Optional<String> schemaOf(String relation) {
    return database()
        .jdbc()
        .sql(
            """
            SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = pg_catalog.to_regclass(?)
            """)
        .param(relation)
        .query(String.class)
        .optional();
  }

  private boolean isValid(IndexName index) {
    return database()
            .jdbc()
            .sql(
                "SELECT count(*) FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass(?) AND indisvalid")
            .param(index.quoted())
            .query(Long.class)
            .single()
        > 0;
  }

  private Database database() {
    return context.database();
  }
}
