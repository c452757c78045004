/** The operation that runs SQL of the user's own. */
@NullMarked
package dev.migrator.internal.operation.rawsql;

import org.jspecify.annotations.NullMarked;
