/** Start, background thread, executing steps, undo, commands. */
@NullMarked
package dev.migrator.internal.engine;

import org.jspecify.annotations.NullMarked;
