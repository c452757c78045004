package dev.migrator.internal.file;

import dev.migrator.operation.SqlFile;
import java.util.List;

/**
 * A file as a migration.
 *
 * @param id its version and name
 * @param after the ids of migrations that have to be finished before it
 * @param file what it does
 */
public record FileMigration(String id, List<String> after, SqlFile file) {

  public FileMigration {
    after = List.copyOf(after);
  }
}
