package dev.migrator.internal.file;

import dev.migrator.operation.SqlFile;
import java.util.List;

/**
 * A file as a migration.
 *
 * @param id its version and name
 * @param after the ids of migrations that have to be finished before it
 * @param file what it does
 * @param flywayChecksum the sum that Flyway would keep of it
 */
public record FileMigration(String id, List<String> after, SqlFile file, int flywayChecksum) {

  public FileMigration {
    after = List.copyOf(after);
  }

  FileMigration behind(List<String> others) {
    return new FileMigration(id, others, file, flywayChecksum);
  }
}
