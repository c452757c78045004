/**
 * The second deploy: the code reads and writes {@code full_name}, and declares that it does. The
 * release before still serves beside it, so {@code name} must stay.
 */
@NullMarked
package dev.migrator.sample.release3;

import org.jspecify.annotations.NullMarked;
