/** The lease of the one instance that leads, with its fencing token. */
@NullMarked
package dev.migrator.internal.lease;

import org.jspecify.annotations.NullMarked;
