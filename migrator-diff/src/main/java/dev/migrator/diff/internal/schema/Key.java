package dev.migrator.diff.internal.schema;

import java.util.List;
import java.util.Set;

/**
 * A primary key, unique constraint or unique index.
 *
 * @param name its name
 * @param primary whether it is the primary key
 * @param columns its columns in their order
 */
public record Key(String name, boolean primary, List<String> columns) {

  /** Whether it is about the same columns. */
  public boolean isAbout(List<String> others) {
    return Set.copyOf(columns).equals(Set.copyOf(others));
  }
}
