package dev.migrator.internal.file;

import java.util.regex.Pattern;

/** What other tools allow in a name, and an id does not, since it stands in URLs. */
final class IdCharacters {

  private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9_.-]+");

  private IdCharacters() {}

  static String of(String text) {
    return OTHER.matcher(text).replaceAll("_");
  }
}
