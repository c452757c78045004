/** Bringing rows over in ranges, and proving that both sides agree. */
@NullMarked
package dev.migrator.backfill;

import org.jspecify.annotations.NullMarked;
