package dev.migrator.internal.file;

import dev.migrator.internal.file.FileName.Direction;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Flyway's files are called: {@code V1_2__create_users.sql}, {@code U…} and {@code R__…}. */
final class FlywayNames {

  private static final Pattern VERSIONED =
      Pattern.compile("([VU])(\\d+(?:[._]\\d+)*)(?:__(.*))?\\.sql");

  private static final Pattern REPEATABLE = Pattern.compile("R__(.+)\\.sql");

  private static final Pattern BASELINE = Pattern.compile("B\\d+(?:[._]\\d+)*__.*\\.sql");

  private static final Pattern ID = Pattern.compile("[VU]\\d+(?:[._]\\d+)*(?:__.*)?");

  private static final Set<String> CALLBACKS =
      Set.of("before", "after", "createSchema", "cleanCompleted");

  private FlywayNames() {}

  static boolean isFlyway(String id) {
    return ID.matcher(id).matches();
  }

  /**
   * Reads a name of Flyway's or of our own.
   *
   * @throws FileProblem if it is neither
   */
  static FileName of(SourceFile file) {
    Matcher versioned = VERSIONED.matcher(file.name());
    if (versioned.matches()) {
      String what = versioned.group(3);
      String id =
          versioned.group(1)
              + versioned.group(2)
              + (what == null ? "" : "__" + IdCharacters.of(what));
      return new FileName(
          FilePlace.of(id).orElseThrow(() -> tooLong(file)).toString(),
          id,
          versioned.group(1).equals("V") ? Direction.UP : Direction.DOWN,
          false,
          true);
    }
    Matcher repeatable = REPEATABLE.matcher(file.name());
    if (repeatable.matches()) {
      String id = RepeatableId.PREFIX + IdCharacters.of(repeatable.group(1));
      return new FileName(id, id, Direction.UP, true, true);
    }
    if (BASELINE.matcher(file.name()).matches()) {
      throw new FileProblem(
          file.path(),
          "a baseline migration of Flyway stands for the files before it, which migrator runs one by one; move it out of migrator.locations, or call it V… if those are gone");
    }
    if (CALLBACKS.stream().anyMatch(file.name()::startsWith)) {
      throw new FileProblem(
          file.path(),
          "it is a callback of Flyway, which migrator does not call; make it a file R__….sql if it may run when it changes, or move it out of migrator.locations");
    }
    return FileName.of(file);
  }

  private static FileProblem tooLong(SourceFile file) {
    return new FileProblem(file.path(), "the version is too long");
  }
}
