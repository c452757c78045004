package dev.migrator;

import dev.migrator.operation.SqlFile;
import java.util.List;
import java.util.Set;

/** Makes a migration of a SQL file, as the builder of a migrator does. */
public final class FileMigrations {

  private FileMigrations() {}

  public static Migration of(String id, SqlFile file, String... after) {
    return new WholeStage(new MigrationBuilder(id, List.of(after), List.of(), Set.of()), file);
  }
}
