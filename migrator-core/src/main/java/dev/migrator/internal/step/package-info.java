/** The kinds of steps: the smallest units that are journaled. */
@NullMarked
package dev.migrator.internal.step;

import org.jspecify.annotations.NullMarked;
