/**
 * What the engine remembers in the database: the records of every step, and the lease of the one
 * instance that works.
 */
@NullMarked
package dev.migrator.journal;

import org.jspecify.annotations.NullMarked;
