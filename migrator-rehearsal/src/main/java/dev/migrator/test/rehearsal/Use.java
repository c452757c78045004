package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one release.
 *
 * @param from the phase from which they have to work; {@code null} from the beginning
 * @param toTheEnd whether they have to work in CONTRACT and behind it
 * @param statements SQL, with values instead of parameters
 */
record Use(@Nullable Phase from, boolean toTheEnd, List<String> statements) {

  /** Of the releases that run before: CONTRACT waits until none is left. */
  static Use before(String... statements) {
    return new Use(null, false, List.of(statements));
  }

  /** Of the release that declares the migration. */
  static Use from(Phase phase, String... statements) {
    return new Use(phase, true, List.of(statements));
  }

  boolean counts(@Nullable Phase reached) {
    if (from != null && (reached == null || !reached.includes(from))) {
      return false;
    }
    return toTheEnd || reached != Phase.CONTRACT;
  }

  static List<String> counting(List<Use> uses, @Nullable Phase reached) {
    List<String> statements = new ArrayList<>();
    uses.stream()
        .filter(it -> it.counts(reached))
        .forEach(it -> statements.addAll(it.statements()));
    return statements;
  }
}
