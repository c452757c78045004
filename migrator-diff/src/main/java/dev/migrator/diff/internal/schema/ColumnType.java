package dev.migrator.diff.internal.schema;

import java.util.Set;

/**
 * A type, by what the catalog says and not by how it is written.
 *
 * @param name the type without its modifier
 * @param modifier the length, or the precision; below zero if there is none
 * @param sql how a declaration says it
 */
public record ColumnType(TableId name, int modifier, String sql) {

  private static final Set<String> TEXTS = Set.of("text", "varchar");

  /** Whether both are the same but for the length or precision, or hold text. */
  public boolean isKin(ColumnType other) {
    return name.equals(other.name)
        || (name.schema().equals("pg_catalog")
            && other.name.schema().equals("pg_catalog")
            && TEXTS.contains(name.name())
            && TEXTS.contains(other.name.name()));
  }

  /** Whether it is the very same. */
  public boolean isSame(ColumnType other) {
    return name.equals(other.name) && modifier == other.modifier;
  }
}
