/** SQL for PostgreSQL: identifiers, locks, error codes, and the only access to JDBC. */
@NullMarked
package dev.migrator.internal.sql;

import org.jspecify.annotations.NullMarked;
