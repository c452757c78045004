/** The catalog of a database, as far as a mapping can be compared with it. */
@NullMarked
package dev.migrator.diff.internal.schema;

import org.jspecify.annotations.NullMarked;
