/** What all operations share; each operation has a package of its own below this one. */
@NullMarked
package dev.migrator.internal.operation;

import org.jspecify.annotations.NullMarked;
