/** How declarations stand in source: what people are told to paste. */
@NullMarked
package dev.migrator.source;

import org.jspecify.annotations.NullMarked;
