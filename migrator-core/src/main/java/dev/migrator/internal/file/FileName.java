package dev.migrator.internal.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file, such as {@code 20260115120000_add_avatar_url.down.sql}.
 *
 * @param version its leading time stamp; of a repeatable file its name
 * @param id the id of the migration: version and name
 * @param direction what the file is for
 * @param repeatable whether it is run again when its content changes
 * @param foreign whether it was written for another tool
 */
record FileName(
    String version, String id, Direction direction, boolean repeatable, boolean foreign) {

  private static final Pattern REPEATABLE = Pattern.compile("(R__[A-Za-z0-9][A-Za-z0-9_-]*)\\.sql");

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
    Matcher repeatable = REPEATABLE.matcher(file.name());
    if (repeatable.matches()) {
      return new FileName(repeatable.group(1), repeatable.group(1), Direction.UP, true, false);
    }
    if (RepeatableId.is(file.name())) {
      throw new FileProblem(
          file.path(),
          "a repeatable file is called like R__active_users.sql, and has none that undoes it: what it was before is put back by a new release");
    }
    Matcher matcher = NAME.matcher(file.name());
    if (!matcher.matches()) {
      throw new FileProblem(
          file.path(),
          "the name does not say its version and what it does; call it like 20260115120000_add_avatar_url.sql, with 20260115120000_add_avatar_url.down.sql beside it, or R__active_users.sql if it is to run again when it changes");
    }
    String version = matcher.group(1);
    Direction direction = ".down".equals(matcher.group(3)) ? Direction.DOWN : Direction.UP;
    return new FileName(stamp(version), version + "_" + matcher.group(2), direction, false, false);
  }

  /** Versions of different lengths that are the same time are the same. */
  private static String stamp(String version) {
    return version + "0".repeat(STAMP - version.length());
  }

  /** The same as one that was written for another tool. */
  FileName asForeign() {
    return new FileName(version, id, direction, repeatable, true);
  }

  /** Whether the other one does, or undoes, the same. Flyway's files need only the version. */
  boolean belongsTo(FileName other) {
    boolean flyway = FlywayNames.isFlyway(id) && FlywayNames.isFlyway(other.id);
    return id.equals(other.id) || (flyway && direction != other.direction);
  }
}
