/**
 * What is missing, by pure functions: what can be proposed, what has to be asked, what is refused.
 */
@NullMarked
package dev.migrator.diff.internal.difference;

import org.jspecify.annotations.NullMarked;
