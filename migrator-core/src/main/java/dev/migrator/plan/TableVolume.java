package dev.migrator.plan;

import org.jspecify.annotations.Nullable;

/**
 * How large a table is, its partitions included, by the catalog: nothing is counted.
 *
 * @param table the table, quoted as SQL needs it
 * @param rows how many rows it has by its statistics; {@code null} if it was never analysed
 * @param bytes how much its rows have on disk, without indexes
 */
public record TableVolume(String table, @Nullable Long rows, long bytes) {

  /** As a person reads it. */
  @Override
  public String toString() {
    String count = (rows == null) ? "never analysed" : "about %,d rows".formatted(rows);
    return "%s, %s".formatted(count, size(bytes));
  }

  static String size(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    if (bytes < 10_000_000) {
      return bytes / 1_000 + " kB";
    }
    return (bytes < 10_000_000_000L) ? bytes / 1_000_000 + " MB" : bytes / 1_000_000_000 + " GB";
  }
}
