package dev.migrator.internal.file;

import dev.migrator.internal.sql.Digest;
import dev.migrator.operation.SqlFile.Contained;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a file has to be that stands for those before it. */
final class Baseline {

  private Baseline() {}

  /**
   * Why a file cannot be one; empty if it can.
   *
   * @param once whether it runs once, and in one transaction
   * @param hasDown whether a file is beside it that undoes it
   */
  static Optional<String> problem(String id, Directives directives, boolean once, boolean hasDown) {
    if (directives.contains().stream().anyMatch(it -> it.id().equals(id))) {
      return Optional.of("it says that it contains itself");
    }
    if (!once) {
      return Optional.of(
          "a file that contains others runs once, and in one transaction with the note that they need not run; put what cannot into a file behind it");
    }
    if (directives.contract() || !directives.after().isEmpty()) {
      return Optional.of(
          "a file that contains others is the first that a new database runs, so it can neither wait nor take anything away; remove contract and after");
    }
    if (hasDown) {
      return Optional.of(
          "a file that contains others is not undone; remove the .down.sql beside it");
    }
    return Optional.empty();
  }

  /** What a file contains is a part of what it means. */
  static String checksum(String ofText, List<Contained> contains) {
    return contains.isEmpty()
        ? ofText
        : Digest.of(
            contains.stream()
                .map(it -> it.id() + " " + it.phase())
                .sorted()
                .collect(Collectors.joining("\n", ofText + "\n", "")),
            FileStatements.BYTES);
  }
}
