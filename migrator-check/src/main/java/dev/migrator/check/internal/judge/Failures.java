package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.effect.Effect.Failure;
import dev.migrator.check.internal.read.ActionKind;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.plan.Work;
import java.util.List;

/** Why the server refuses a statement, and what it takes instead. */
final class Failures {

  private static final String SYNTAX = "42601";

  private Failures() {}

  static Draft of(Parsed parsed, Failure failure, int version) {
    boolean syntax = failure.state().equals(SYNTAX);
    return new Draft(
        syntax ? Rule.UNREADABLE : Rule.WILL_FAIL,
        Level.ERROR,
        null,
        Work.NOTHING,
        failure.position(),
        "the server refuses it: " + failure.message(),
        "",
        hints(parsed, failure, version));
  }

  private static List<String> hints(Parsed parsed, Failure failure, int version) {
    String message = failure.message();
    if (parsed.does(ActionKind.ADD_FOREIGN_KEY) && message.contains("partitioned")) {
      return Remedies.of(parsed, true, version);
    }
    if (parsed.does(ActionKind.DETACH_CONCURRENTLY)) {
      return List.of(
          "DETACH … CONCURRENTLY is not possible while there is a default partition; detach that one first, or detach without CONCURRENTLY in a moment of little traffic");
    }
    boolean concurrent =
        parsed.kind() == StatementKind.CREATE_INDEX_CONCURRENTLY
            && message.contains("partitioned table");
    if (concurrent) {
      return List.of(
          "CREATE INDEX … ON ONLY the parent; CREATE INDEX CONCURRENTLY on each partition; ALTER INDEX … ATTACH PARTITION for each");
    }
    if (message.contains("NOT VALID constraint")) {
      return List.of("VALIDATE the NOT NULL constraint before, in a file of its own");
    }
    if (message.contains("pending trigger events")) {
      return List.of("SET CONSTRAINTS ALL IMMEDIATE before it, or use a file for each");
    }
    if (message.contains("used by a view or rule") || message.contains("depend on it")) {
      return List.of("drop what depends on it in the same file, and make it again behind it");
    }
    return List.of();
  }
}
