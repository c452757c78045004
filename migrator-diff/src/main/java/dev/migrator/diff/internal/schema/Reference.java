package dev.migrator.diff.internal.schema;

import java.util.List;

/**
 * A foreign key.
 *
 * @param name its name
 * @param columns the columns that refer
 * @param parent the table they refer to
 * @param parentColumns its columns
 * @param onDelete what a delete does, by the letter of the catalog
 */
public record Reference(
    String name,
    List<String> columns,
    TableId parent,
    List<String> parentColumns,
    String onDelete) {}
