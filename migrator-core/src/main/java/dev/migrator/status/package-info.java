/** What the engine reports: where each migration stands, what holds it, and who runs. */
@NullMarked
package dev.migrator.status;

import org.jspecify.annotations.NullMarked;
