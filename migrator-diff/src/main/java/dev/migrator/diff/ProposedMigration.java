package dev.migrator.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A migration that is missing.
 *
 * @param id its id
 * @param why by what the mapping is ahead
 * @param releases what this release declares, and then the next ones
 * @param up the same as SQL, for a file; {@code null} if it takes more than one statement that only
 *     adds
 * @param down what undoes that SQL
 */
public record ProposedMigration(
    String id,
    String why,
    List<ProposedRelease> releases,
    @Nullable String up,
    @Nullable String down) {

  /** Copies the list. */
  public ProposedMigration {
    releases = List.copyOf(releases);
  }
}
