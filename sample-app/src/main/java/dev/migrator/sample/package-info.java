/**
 * A small users service that renames a column while it serves. What all releases share is here;
 * what a deploy changes is in {@code release1} to {@code release8}, to be compared with each other.
 */
@NullMarked
package dev.migrator.sample;

import org.jspecify.annotations.NullMarked;
