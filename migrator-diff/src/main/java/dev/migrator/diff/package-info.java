/**
 * Compares what an application maps with what its migrations make, and proposes the migrations for
 * the rest: as sequences of releases.
 */
@NullMarked
package dev.migrator.diff;

import org.jspecify.annotations.NullMarked;
