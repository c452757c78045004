/**
 * The first deploy of the same change without triggers: the code reads {@code name}, and writes
 * both columns. Old rows are brought over when no instance is left that does not.
 */
@NullMarked
package dev.migrator.sample.release6;

import org.jspecify.annotations.NullMarked;
