/** What can go wrong. Each message says what happened and what to do. */
@NullMarked
package dev.migrator.error;

import org.jspecify.annotations.NullMarked;
