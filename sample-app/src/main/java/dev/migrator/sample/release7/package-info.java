/**
 * The second deploy without triggers: the code reads {@code full_name}, and still writes both
 * columns, as the release before reads the other one.
 */
@NullMarked
package dev.migrator.sample.release7;

import org.jspecify.annotations.NullMarked;
