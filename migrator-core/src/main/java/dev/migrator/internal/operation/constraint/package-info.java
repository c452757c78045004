/** The operations that drop and rename a constraint. */
@NullMarked
package dev.migrator.internal.operation.constraint;

import org.jspecify.annotations.NullMarked;
