/** The meters {@code migrator.*}. */
@NullMarked
package dev.migrator.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
