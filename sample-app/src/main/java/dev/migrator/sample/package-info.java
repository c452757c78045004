/**
 * A small users service that renames a column while it serves. What all releases share is here;
 * what a deploy changes is in {@code release}.
 */
@NullMarked
package dev.migrator.sample;

import org.jspecify.annotations.NullMarked;
