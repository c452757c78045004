package dev.migrator.internal.file;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether Flyway's files have the order that Flyway ran them in. To Flyway a version is a number,
 * so that a date of 8 digits comes before every one of 14.
 */
final class FlywayOrder {

  private FlywayOrder() {}

  /** What is wrong with the order of some files. */
  static List<String> check(List<FileMigration> sorted) {
    List<String> problems = new ArrayList<>();
    FileMigration last = null;
    for (FileMigration file : sorted) {
      if (file.file().repeatable() || !FlywayNames.isFlyway(file.id())) {
        continue;
      }
      if (last == null || first(file).compareTo(first(last)) >= 0) {
        last = file;
      } else if (!last.after().contains(file.id())) {
        problems.add(
            "%s: Flyway runs it before %s, as its version is the smaller number; by time it comes behind that. Say in %s which goes first: -- migrator: after %s"
                .formatted(file.file().path(), last.file().path(), last.file().path(), file.id()));
      }
    }
    return problems;
  }

  private static BigInteger first(FileMigration file) {
    return new BigInteger(file.id().substring(1).split("[._]", 2)[0]);
  }
}
