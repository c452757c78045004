package dev.migrator.internal.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file, such as {@code 20260115120000_add_avatar_url.down.sql}.
 *
 * @param version its leading time stamp
 * @param id the id of the migration: version and name
 * @param direction what the file is for
 */
record FileName(String version, String id, Direction direction) {

  private static final Pattern NAME =
      Pattern.compile(
          "(\\d{8}(?:\\d{4}(?:\\d{2})?)?)_([A-Za-z0-9][A-Za-z0-9_-]*)(\\.up|\\.down)?\\.sql");

  private static final int STAMP = 14;

  /** What a file is for. */
  enum Direction {
    UP,
    DOWN
  }

  /**
   * Reads a name.
   *
   * @throws FileProblem if it is none
   */
  static FileName of(SourceFile file) {
    Matcher matcher = NAME.matcher(file.name());
    if (!matcher.matches()) {
      throw new FileProblem(
          file.path(),
          "the name does not say its version and what it does; call it like 20260115120000_add_avatar_url.sql, with 20260115120000_add_avatar_url.down.sql beside it");
    }
    String version = matcher.group(1);
    Direction direction = ".down".equals(matcher.group(3)) ? Direction.DOWN : Direction.UP;
    return new FileName(stamp(version), version + "_" + matcher.group(2), direction);
  }

  /** Versions of different lengths that are the same time are the same. */
  private static String stamp(String version) {
    return version + "0".repeat(STAMP - version.length());
  }
}
