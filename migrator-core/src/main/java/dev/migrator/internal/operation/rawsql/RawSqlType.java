package dev.migrator.internal.operation.rawsql;

import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Statements;
import dev.migrator.operation.RawSql;
import java.util.List;
import java.util.Map;

/**
 * SQL of the user's own. What it affects is unknown: it waits for no other change, and holds none.
 */
public final class RawSqlType implements OperationType<RawSql> {

  @Override
  public Class<RawSql> operation() {
    return RawSql.class;
  }

  @Override
  public OperationFacts facts(RawSql sql) {
    return OperationFacts.of(
        List.of(),
        sql.declares(),
        sql.last(),
        sql.contract()
            ? new Loss("may use what its SQL removes", "what its SQL removed", "sql", true)
            : null,
        Map.of(
            sql.last(),
            Definitions.of(
                "sql", "statements", canonical(sql.statements()), "undo", canonical(sql.undo()))));
  }

  private static List<String> canonical(List<String> statements) {
    return statements.stream().map(Statements::canonical).toList();
  }

  @Override
  public ResolvedRawSql resolve(RawSql sql, Resolution resolution) {
    return new ResolvedRawSql(sql);
  }
}
