package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Identifiers;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog holds about one column.
 *
 * @param name its name
 * @param type its type with modifiers, as {@code format_type} writes it
 * @param notNull whether it has NOT NULL
 * @param defaultExpression its default as SQL; {@code null} if it has none
 * @param constantDefault whether that default is a constant
 * @param kind plain, identity or generated
 * @param exactEquality whether equal values of its type are the same bytes, so that {@code =} sees
 *     every change; it does not for {@code 1.0} and {@code 1.00}, for {@code citext}, or for
 *     collations that ignore case
 * @param collation the collation, qualified and quoted, if it is not that of the type
 * @param comment its comment
 */
public record ColumnFacts(
    String name,
    String type,
    boolean notNull,
    @Nullable String defaultExpression,
    boolean constantDefault,
    Kind kind,
    boolean exactEquality,
    @Nullable String collation,
    @Nullable String comment) {

  /** Where the values of a column come from. */
  public enum Kind {
    PLAIN,
    IDENTITY,
    GENERATED
  }

  /** The same without NULL. */
  public ColumnFacts asNotNull() {
    return new ColumnFacts(
        name,
        type,
        true,
        defaultExpression,
        constantDefault,
        kind,
        exactEquality,
        collation,
        comment);
  }

  /** The same with another default. */
  public ColumnFacts withDefault(@Nullable String expression, boolean constant) {
    return new ColumnFacts(
        name, type, notNull, expression, constant, kind, exactEquality, collation, comment);
  }

  public String quoted() {
    return Identifiers.quote(name);
  }
}
