package dev.migrator.diff.internal.schema;

/**
 * A CHECK constraint on one column.
 *
 * @param name its name
 * @param column the column
 * @param expression what it says, to be run and not to be read
 */
public record ColumnCheck(String name, String column, String expression) {}
