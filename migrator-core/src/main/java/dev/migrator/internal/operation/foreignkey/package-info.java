/** The operation that adds a foreign key. */
@NullMarked
package dev.migrator.internal.operation.foreignkey;

import org.jspecify.annotations.NullMarked;
