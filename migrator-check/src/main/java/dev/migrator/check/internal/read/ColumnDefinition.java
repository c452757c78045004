package dev.migrator.check.internal.read;

import org.jspecify.annotations.Nullable;

/**
 * What is said of a column.
 *
 * @param name its name
 * @param type its type, as it is written
 * @param defaultValue its default; {@code null} if it says none
 * @param notNull whether it refuses NULL
 * @param generation how its values come about
 * @param primaryKey whether it is the primary key
 * @param unique whether it is unique
 * @param check whether there is a CHECK
 * @param references the table of a foreign key; {@code null} if there is none
 */
public record ColumnDefinition(
    String name,
    String type,
    @Nullable String defaultValue,
    boolean notNull,
    Generation generation,
    boolean primaryKey,
    boolean unique,
    boolean check,
    @Nullable QualifiedName references) {

  /** How values come about. */
  public enum Generation {
    GIVEN,
    IDENTITY,
    STORED,
    VIRTUAL
  }

  /** Whether it has a sequence, by its type. */
  public boolean serial() {
    return Types.isSerial(type);
  }
}
