/** Open connections that must learn that a table has got or lost a column. */
@NullMarked
package dev.migrator.autoconfigure.connections;

import org.jspecify.annotations.NullMarked;
