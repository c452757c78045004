/** How PostgreSQL says it: identifiers, locks, error codes, and the one seam to JDBC. */
@NullMarked
package dev.migrator.internal.sql;

import org.jspecify.annotations.NullMarked;
