package dev.migrator.check.internal.effect;

import org.jspecify.annotations.Nullable;

/**
 * Rows of a table that a statement changes without saying which.
 *
 * @param table its name, with its schema, as SQL writes it
 * @param extent how many
 * @param source the table that says which; {@code null} if none does
 */
public record Rows(String table, Extent extent, @Nullable String source) {

  /** How many rows. */
  public enum Extent {

    /** All that there are. */
    ALL,

    /** As many as another table has partners for. */
    JOINED,

    /** As many new ones as another table has. */
    COPIED
  }
}
