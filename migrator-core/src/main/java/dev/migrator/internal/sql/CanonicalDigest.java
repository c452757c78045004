package dev.migrator.internal.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The sum of what SQL means, token by token: that of its tokens with a space between them, and of
 * the rows of a {@code COPY} as they are. Semicolons at its end do not count, if it has no rows.
 */
final class CanonicalDigest {

  private final MessageDigest sum;

  private boolean begun;

  private boolean rows;

  private int semicolons;

  CanonicalDigest() {
    try {
      sum = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException ex) {
      throw new IllegalStateException("every Java platform has SHA-256", ex);
    }
  }

  void token(String token) {
    if (token.equals(";")) {
      semicolons++;
    } else {
      flush();
      put(token);
    }
  }

  private void flush() {
    for (; semicolons > 0; semicolons--) {
      put(";");
    }
  }

  private void put(String token) {
    update(begun ? " " + token : token);
    begun = true;
  }

  void row(String line, boolean first) {
    flush();
    update(first ? "\n" + line : line);
    rows = true;
  }

  /** What marks the end of no rows at all reads as two tokens. */
  void endOfRows(boolean any) {
    if (any) {
      begun = false;
    } else {
      token("\\");
      token(".");
    }
  }

  private void update(String text) {
    sum.update(text.getBytes(StandardCharsets.UTF_8));
  }

  String value(int bytes) {
    if (rows) {
      flush();
    }
    return HexFormat.of().formatHex(sum.digest(), 0, bytes);
  }
}
