package dev.migrator.internal.file;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The sum that Flyway keeps of a file: of its lines without what ends them. */
final class FlywayChecksum {

  private FlywayChecksum() {}

  /**
   * Of a decoded text.
   *
   * @param text without a byte order mark, which does not count
   */
  static int of(String text) {
    CRC32 sum = new CRC32();
    text.lines().forEach(it -> sum.update(it.getBytes(StandardCharsets.UTF_8)));
    return (int) sum.getValue();
  }
}
