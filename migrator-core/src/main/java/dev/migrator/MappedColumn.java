package dev.migrator;

/**
 * A column that the code of this instance uses, as its mappings tell: evidence beside what is
 * declared.
 *
 * @param table the literal name of the table, without a schema
 * @param column the literal name of the column
 * @param where the entity or whatever tells a person where it is mapped
 */
public record MappedColumn(String table, String column, String where) {}
