/** The operation that drops a column that nothing replaces. */
@NullMarked
package dev.migrator.internal.operation.dropcolumn;

import org.jspecify.annotations.NullMarked;
