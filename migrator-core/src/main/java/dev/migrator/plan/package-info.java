/**
 * What would run next, before it runs: every step with its SQL, its lock, its work, its size and an
 * estimate, and what holds it.
 *
 * <p>Read the records by their accessors: later versions may add components and constants of enums.
 */
@NullMarked
package dev.migrator.plan;

import org.jspecify.annotations.NullMarked;
