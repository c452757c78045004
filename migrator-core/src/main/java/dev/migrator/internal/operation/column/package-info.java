/** The operation that changes columns by expand and contract. */
@NullMarked
package dev.migrator.internal.operation.column;

import org.jspecify.annotations.NullMarked;
