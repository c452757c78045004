/** Commands for people and builds. */
@NullMarked
package dev.migrator.cli;

import org.jspecify.annotations.NullMarked;
