package dev.migrator.diff.internal.schema;

import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param name its literal name
 * @param type its type
 * @param notNull whether it refuses NULL
 * @param defaultExpression its default
 * @param source where its values come from
 */
public record SchemaColumn(
    String name,
    ColumnType type,
    boolean notNull,
    @Nullable String defaultExpression,
    Source source) {

  /** Where values come from that an insert does not give. */
  public enum Source {
    PLAIN,
    IDENTITY,
    GENERATED
  }

  /** Whether an insert can leave it out. */
  public boolean isOmissible() {
    return !notNull || isFilled();
  }

  /** The same, taking NULL. */
  public SchemaColumn nullable() {
    return new SchemaColumn(name, type, false, defaultExpression, source);
  }

  /** Whether the server gives it a value. */
  public boolean isFilled() {
    return defaultExpression != null || source != Source.PLAIN;
  }
}
