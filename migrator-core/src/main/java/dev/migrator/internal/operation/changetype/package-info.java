/** The operation that gives a column a wider type. */
@NullMarked
package dev.migrator.internal.operation.changetype;

import org.jspecify.annotations.NullMarked;
