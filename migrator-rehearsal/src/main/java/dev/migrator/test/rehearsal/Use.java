package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one release.
 *
 * @param from the phase from which they have to work; {@code null} from the beginning
 * @param toTheEnd whether they have to work in CONTRACT and behind it
 * @param statements what it sends
 */
record Use(@Nullable Phase from, boolean toTheEnd, List<RecordedStatement> statements) {

  /** Of the releases that run before: CONTRACT waits until none is left. */
  static Use before(List<RecordedStatement> statements) {
    return new Use(null, false, statements);
  }

  /** Of the release that declares the migration. */
  static Use from(Phase phase, List<RecordedStatement> statements) {
    return new Use(phase, true, statements);
  }

  static List<RecordedStatement> plain(String... statements) {
    return Arrays.stream(statements).map(RecordedStatement::plain).toList();
  }

  boolean counts(@Nullable Phase reached) {
    if (from != null && (reached == null || !reached.includes(from))) {
      return false;
    }
    return toTheEnd || reached != Phase.CONTRACT;
  }

  static List<RecordedStatement> counting(List<Use> uses, @Nullable Phase reached) {
    List<RecordedStatement> statements = new ArrayList<>();
    uses.stream()
        .filter(it -> it.counts(reached))
        .forEach(it -> statements.addAll(it.statements()));
    return statements;
  }
}
