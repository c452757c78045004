/**
 * How PostgreSQL says it: identifiers, reading the catalog, and the SQL of every change with its
 * lock and its undo.
 */
@NullMarked
package dev.migrator.postgres;

import org.jspecify.annotations.NullMarked;
