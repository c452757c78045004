/**
 * The first deploy of the change: the same code, which reads and writes {@code name}. It declares
 * the change up to the backfill.
 */
@NullMarked
package dev.migrator.sample.release2;

import org.jspecify.annotations.NullMarked;
