/**
 * The last deploy without triggers: the code does not know {@code name}. It starts to serve when
 * every other instance reads {@code full_name}.
 */
@NullMarked
package dev.migrator.sample.release8;

import org.jspecify.annotations.NullMarked;
