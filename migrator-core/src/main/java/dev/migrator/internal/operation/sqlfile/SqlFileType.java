package dev.migrator.internal.operation.sqlfile;

import dev.migrator.Phase;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.SqlFile;
import java.util.List;
import java.util.Map;

/**
 * A SQL file. What only adds is there before a release serves that has the file, since its code may
 * need it; what takes something away holds nobody.
 */
public final class SqlFileType implements OperationType<SqlFile> {

  @Override
  public Class<SqlFile> operation() {
    return SqlFile.class;
  }

  @Override
  public OperationFacts facts(SqlFile file) {
    Map<Phase, Map<String, Object>> definition =
        Map.of(
            file.last(),
            Definitions.of(
                FileDefinition.OPERATION,
                FileDefinition.CHECKSUM,
                file.checksum(),
                FileDefinition.REPEATABLE,
                file.repeatable()));
    return file.contract()
        ? OperationFacts.of(
            List.of(),
            file.declares(),
            file.last(),
            new Loss(
                "may use what the file %s takes away".formatted(file.path()),
                "what the file %s took away".formatted(file.path()),
                "the file " + file.path(),
                true),
            definition)
        : new OperationFacts(
            List.of(),
            file.declares(),
            file.last(),
            Phase.EXPAND,
            new Sides("", List.of(), List.of(), false, true, false),
            null,
            definition);
  }

  @Override
  public boolean needsDatabase() {
    return false;
  }

  @Override
  public ResolvedSqlFile resolve(SqlFile file, Resolution resolution) {
    return new ResolvedSqlFile(file);
  }
}
