/** The histories of other tools: what they say, and what is added to them. */
@NullMarked
package dev.migrator.internal.adopt;

import org.jspecify.annotations.NullMarked;
