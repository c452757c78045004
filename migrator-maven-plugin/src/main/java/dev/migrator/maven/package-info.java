/** The commands of the migrator as goals of Maven. */
@NullMarked
package dev.migrator.maven;

import org.jspecify.annotations.NullMarked;
