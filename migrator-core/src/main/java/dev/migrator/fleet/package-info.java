/** Who runs: registration, heartbeat, the read switch. */
@NullMarked
package dev.migrator.fleet;

import org.jspecify.annotations.NullMarked;
