/** The operation that adds a CHECK constraint. */
@NullMarked
package dev.migrator.internal.operation.check;

import org.jspecify.annotations.NullMarked;
