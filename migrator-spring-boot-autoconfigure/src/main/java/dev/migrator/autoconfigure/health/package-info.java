/** The health contributor {@code migrator}. */
@NullMarked
package dev.migrator.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
