/** How the kinds of steps are run: one executor for each. */
@NullMarked
package dev.migrator.internal.engine.step;

import org.jspecify.annotations.NullMarked;
