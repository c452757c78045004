package dev.migrator.test.rehearsal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of undoing a migration from one phase back to its beginning.
 *
 * @param stage the phase that was reached before
 * @param differences what the catalog has other than before the migration: {@code -} what is
 *     missing, {@code +} what is left; empty if it is as it was
 * @param problem why it could not be undone; {@code null} if it could
 */
public record UndoResult(String stage, List<String> differences, @Nullable String problem) {

  /** Copies the list. */
  public UndoResult {
    differences = List.copyOf(differences);
  }

  /**
   * Returns whether everything is as it was.
   *
   * @return {@code false} also if it could not be undone
   */
  public boolean isClean() {
    return problem == null && differences.isEmpty();
  }
}
