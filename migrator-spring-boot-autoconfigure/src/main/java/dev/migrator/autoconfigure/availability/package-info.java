/** The readiness of an application that must not serve for the moment, or any more. */
@NullMarked
package dev.migrator.autoconfigure.availability;

import org.jspecify.annotations.NullMarked;
