package dev.migrator.cli.task;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.file.FileFindings;
import dev.migrator.internal.file.FileMigration;
import dev.migrator.internal.file.SqlFiles;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be said of SQL files without a database.
 *
 * @param files how many migrations they are
 * @param problems what keeps an application from starting with them
 * @param warnings what works and may hurt
 */
public record Validation(int files, List<String> problems, List<String> warnings) {

  public Validation {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /**
   * Looks at files.
   *
   * @param requireDown whether one without a way back is a problem
   */
  public static Validation of(FileSet set, boolean requireDown) {
    SqlFiles.Parsed parsed;
    try {
      parsed = set.parse();
    } catch (InvalidMigrationException ex) {
      return new Validation(0, List.of(String.valueOf(ex.getMessage())), List.of());
    }
    List<String> problems = new ArrayList<>(parsed.problems());
    List<String> warnings = new ArrayList<>();
    for (FileMigration migration : parsed.migrations()) {
      if (FileFindings.isWithoutDown(migration.file())) {
        (requireDown ? problems : warnings)
            .add("%s: no .down.sql is beside it".formatted(migration.file().path()));
      }
      warnings.addAll(FileFindings.of(migration.file()));
    }
    return new Validation(parsed.migrations().size(), problems, warnings);
  }

  /** Whether an application starts with them. */
  public boolean isValid() {
    return problems.isEmpty();
  }
}
