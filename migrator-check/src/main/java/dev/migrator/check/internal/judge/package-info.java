/** What of all that a statement does is unsafe, and what to do instead. Pure. */
@NullMarked
package dev.migrator.check.internal.judge;

import org.jspecify.annotations.NullMarked;
