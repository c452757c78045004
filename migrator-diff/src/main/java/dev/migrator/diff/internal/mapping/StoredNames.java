package dev.migrator.diff.internal.mapping;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names as the server stores them. */
final class StoredNames {

  private static final int MOST_BYTES = 63;

  private StoredNames() {}

  static String of(String name, boolean quoted) {
    return cut(quoted ? name : name.toLowerCase(Locale.ROOT));
  }

  /** The server cuts longer names, and so do all statements that name them. */
  static String cut(String name) {
    String cut = name;
    while (cut.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return cut;
  }
}
