package dev.migrator.internal.journal;

import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.sql.Database;
import java.util.List;

/** The SQL files of which the journal says that another tool ran them. */
public final class AdoptedFiles {

  private final Database database;

  public AdoptedFiles(Database database) {
    this.database = database;
  }

  /** The operations of a file with a note that another tool ran it. */
  public static List<OperationFacts> marked(List<OperationFacts> operations) {
    return FileDefinition.of(operations)
        .map(it -> it.takenOver().in(operations))
        .orElse(operations);
  }

  /** Whether there are any. */
  public boolean exist() {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (SELECT FROM migrator.migration
                            WHERE operations @> '[{"definition": {"EXPAND": {"adopted": true}}}]'
                               OR operations @> '[{"definition": {"CONTRACT": {"adopted": true}}}]')
            """)
        .query(Boolean.class)
        .single();
  }
}
