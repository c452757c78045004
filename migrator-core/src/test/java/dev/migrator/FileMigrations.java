package dev.migrator;

import dev.migrator.operation.SqlFile;
import java.util.List;

/** Makes a migration of a SQL file, as the builder of a migrator does. */
public final class FileMigrations {

  private FileMigrations() {}

  public static Migration of(String id, SqlFile file, String... after) {
    return new WholeStage(MigrationBuilder.of(id, List.of(after)), file);
  }
}
