package dev.migrator;

/**
 * A column that the mappings of this instance use: evidence beside what its release declares, see
 * {@link Migrator#mapped}.
 *
 * @param table the name of the table as PostgreSQL stores it, without a schema
 * @param column the name of the column as PostgreSQL stores it
 * @param where the entity, or another name that tells a person where it is mapped; messages show it
 */
public record MappedColumn(String table, String column, String where) {}
