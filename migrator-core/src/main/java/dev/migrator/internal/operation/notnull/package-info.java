/** The operation that makes a column NOT NULL. */
@NullMarked
package dev.migrator.internal.operation.notnull;

import org.jspecify.annotations.NullMarked;
