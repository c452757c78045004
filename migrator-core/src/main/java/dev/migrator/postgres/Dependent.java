package dev.migrator.postgres;

/**
 * Something in the catalog that hangs on a column.
 *
 * @param catalog the system catalog it is recorded in, such as {@code pg_rewrite}
 * @param kind its kind within that catalog, such as {@code c} for a CHECK constraint; may be empty
 * @param description how PostgreSQL names it to a person
 */
public record Dependent(String catalog, String kind, String description) {}
