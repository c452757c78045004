package dev.migrator.sample;

import java.util.List;
import java.util.function.Supplier;

/**
 * The columns that a release uses for the name of a user: all that its code has to do with the
 * change.
 *
 * @param read tells the column that a statement reads, asked for each statement
 * @param write the columns that a statement writes, all with the same value
 */
public record NameColumns(Supplier<String> read, List<String> write) {

  /** For code that reads one column. */
  public static Read read(String column) {
    return read(() -> column);
  }

  /** For code that decides at each read. */
  public static Read read(Supplier<String> column) {
    return new Read(column);
  }

  /**
   * Which column is read, to be continued by what is written.
   *
   * @param column tells the column
   */
  public record Read(Supplier<String> column) {

    /** Names the columns that a write sets. */
    public NameColumns write(String... columns) {
      return new NameColumns(column, List.of(columns));
    }
  }
}
