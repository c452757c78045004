/** Who runs: registration, heartbeat, the read switch. */
@NullMarked
package dev.migrator.internal.fleet;

import org.jspecify.annotations.NullMarked;
