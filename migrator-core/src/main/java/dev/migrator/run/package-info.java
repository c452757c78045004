/** Carrying steps out, and the assembly of the engine. */
@NullMarked
package dev.migrator.run;

import org.jspecify.annotations.NullMarked;
