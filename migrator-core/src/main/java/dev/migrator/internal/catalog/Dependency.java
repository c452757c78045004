package dev.migrator.internal.catalog;

import dev.migrator.internal.operation.column.DependentObjectReader;
import java.util.Set;

/**
 * An object in the catalog that depends on a column.
 *
 * @param catalog the system catalog it is recorded in, such as {@code pg_rewrite}
 * @param kind its kind within that catalog, such as {@code c} for a CHECK constraint and {@code F}
 *     for a foreign key that refers to the column; may be empty
 * @param description its description by PostgreSQL
 */
public record Dependency(String catalog, String kind, String description) {

  /** The second is that of a partitioned table. */
  private static final Set<String> INDEXES = Set.of("i", "I");

  private static final Set<String> COPIED_CONSTRAINTS = Set.of("c", "u", "f");

  /** Whether {@link DependentObjectReader} can copy it to another column. */
  public boolean isCopyable() {
    return switch (catalog) {
      case "pg_class" -> INDEXES.contains(kind);
      case "pg_constraint" -> COPIED_CONSTRAINTS.contains(kind);
      default -> false;
    };
  }
}
