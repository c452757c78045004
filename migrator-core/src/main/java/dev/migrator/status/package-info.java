/**
 * What the library reports: where each migration stands, what holds it, and which instances run.
 *
 * <p>Read the records by their accessors: later versions may add components and constants of enums.
 */
@NullMarked
package dev.migrator.status;

import org.jspecify.annotations.NullMarked;
