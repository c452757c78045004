package dev.migrator.test.rehearsal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of killing the instance that worked, once in the middle of each phase.
 *
 * @param killedIn the phases in which it was killed
 * @param differences what the catalog, and the rows of which table, have other than where nobody
 *     was killed; empty if all is the same
 * @param problem why no other instance could go on; {@code null} if one could
 */
public record KillResult(
    List<String> killedIn, List<String> differences, @Nullable String problem) {

  /** Copies the lists. */
  public KillResult {
    killedIn = List.copyOf(killedIn);
    differences = List.copyOf(differences);
  }
}
