/**
 * The last deploy: the same code. No instance knows {@code name} any longer, and it declares that
 * the column may go.
 */
@NullMarked
package dev.migrator.sample.release4;

import org.jspecify.annotations.NullMarked;
