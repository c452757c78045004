/** Files, their statements, and where these stand. */
@NullMarked
package dev.migrator.check.internal.text;

import org.jspecify.annotations.NullMarked;
