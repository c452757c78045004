/** What the text of a statement says, and what it claims to do. */
@NullMarked
package dev.migrator.check.internal.read;

import org.jspecify.annotations.NullMarked;
