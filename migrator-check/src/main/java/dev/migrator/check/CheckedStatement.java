package dev.migrator.check;

import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement, and what it does.
 *
 * @param file the file that it stands in
 * @param line the line that it begins in, from 1
 * @param statement the kind of statement
 * @param measured whether a server did it
 * @param error why the server refused it; {@code null} if it did not
 * @param unsure what could not be found out; {@code null} if nothing
 * @param tables what it does to tables and views that were there before
 */
public record CheckedStatement(
    String file,
    int line,
    String statement,
    boolean measured,
    @Nullable String error,
    @Nullable String unsure,
    List<TouchedTable> tables) {

  /** Copies the list. */
  public CheckedStatement {
    tables = List.copyOf(tables);
  }

  /**
   * A table.
   *
   * @param table its name, with its schema
   * @param lock the strongest lock on it
   * @param work what is done under the lock
   */
  public record TouchedTable(String table, LockMode lock, Work work) {}
}
