/** The operations that set and drop the default of a column. */
@NullMarked
package dev.migrator.internal.operation.defaultvalue;

import org.jspecify.annotations.NullMarked;
