/** The operation that comments a table or a column. */
@NullMarked
package dev.migrator.internal.operation.comment;

import org.jspecify.annotations.NullMarked;
