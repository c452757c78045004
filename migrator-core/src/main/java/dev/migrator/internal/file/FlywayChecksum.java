package dev.migrator.internal.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
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

  /** Of a file that is being read, whose byte order mark was passed over. */
  static final class Counting extends FilterInputStream {

    private final CRC32 sum = new CRC32();

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      int from = offset;
      for (int i = offset; i < offset + count; i++) {
        if (buffer[i] == '\n' || buffer[i] == '\r') {
          sum.update(buffer, from, i - from);
          from = i + 1;
        }
      }
      if (count > 0) {
        sum.update(buffer, from, offset + count - from);
      }
      return count;
    }

    int value() {
      return (int) sum.getValue();
    }
  }
}
