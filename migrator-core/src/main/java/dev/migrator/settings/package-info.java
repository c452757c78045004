/** How the engine is configured. */
@NullMarked
package dev.migrator.settings;

import org.jspecify.annotations.NullMarked;
