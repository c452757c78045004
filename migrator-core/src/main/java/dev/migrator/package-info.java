/**
 * The public API: the language in which schema changes are declared, the model it makes, what the
 * engine reports, and nothing else. No type here touches JDBC.
 */
@NullMarked
package dev.migrator;

import org.jspecify.annotations.NullMarked;
