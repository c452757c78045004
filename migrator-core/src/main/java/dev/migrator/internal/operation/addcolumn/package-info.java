/** The operation that adds a column with a default, NOT NULL, an identity or a comment. */
@NullMarked
package dev.migrator.internal.operation.addcolumn;

import org.jspecify.annotations.NullMarked;
