/** Copying and verifying rows: chunks, the workers on them, the throttle, and their storage. */
@NullMarked
package dev.migrator.internal.backfill;

import org.jspecify.annotations.NullMarked;
