/** What the engine remembers in the database. */
@NullMarked
package dev.migrator.internal.journal;

import org.jspecify.annotations.NullMarked;
