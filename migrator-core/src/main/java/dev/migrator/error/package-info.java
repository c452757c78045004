/** What can go wrong, each with the way on in its message. */
@NullMarked
package dev.migrator.error;

import org.jspecify.annotations.NullMarked;
