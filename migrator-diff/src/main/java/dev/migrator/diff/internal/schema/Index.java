package dev.migrator.diff.internal.schema;

import java.util.List;

/**
 * An index that is not unique, on columns only.
 *
 * @param name its name
 * @param columns its columns in their order
 */
public record Index(String name, List<String> columns) {}
