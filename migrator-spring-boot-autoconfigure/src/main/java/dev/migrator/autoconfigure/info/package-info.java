/** The info contributor {@code migrator}. */
@NullMarked
package dev.migrator.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
