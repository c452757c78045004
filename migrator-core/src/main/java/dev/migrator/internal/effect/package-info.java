/**
 * What SQL of the user's own really changes: the catalog before and after it, in its own
 * transaction, and the difference.
 */
@NullMarked
package dev.migrator.internal.effect;

import org.jspecify.annotations.NullMarked;
