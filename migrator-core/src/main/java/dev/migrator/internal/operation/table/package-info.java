/** The operations that create and drop a table. */
@NullMarked
package dev.migrator.internal.operation.table;

import org.jspecify.annotations.NullMarked;
