/** Shared by the internal packages. Not API. */
@NullMarked
package dev.migrator.internal;

import org.jspecify.annotations.NullMarked;
