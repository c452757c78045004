/** The operation that adds a unique constraint. */
@NullMarked
package dev.migrator.internal.operation.unique;

import org.jspecify.annotations.NullMarked;
