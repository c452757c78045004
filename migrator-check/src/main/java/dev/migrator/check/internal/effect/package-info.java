/** What a statement does: measured on a server, or claimed by its text. */
@NullMarked
package dev.migrator.check.internal.effect;

import org.jspecify.annotations.NullMarked;
