/** The operations that add and drop an index. */
@NullMarked
package dev.migrator.internal.operation.index;

import org.jspecify.annotations.NullMarked;
