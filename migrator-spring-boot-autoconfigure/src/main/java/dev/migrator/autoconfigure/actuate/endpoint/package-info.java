/** The actuator endpoint {@code migrator}. */
@NullMarked
package dev.migrator.autoconfigure.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
