/** The release before the change: it reads and writes {@code name} and declares nothing. */
@NullMarked
package dev.migrator.sample.release1;

import org.jspecify.annotations.NullMarked;
