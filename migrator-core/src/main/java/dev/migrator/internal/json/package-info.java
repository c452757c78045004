/** The one codec for what the journal holds as {@code jsonb}. */
@NullMarked
package dev.migrator.internal.json;

import org.jspecify.annotations.NullMarked;
