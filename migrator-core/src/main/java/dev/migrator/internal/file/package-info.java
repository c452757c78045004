/** SQL files: where they are found, and what they say. Apart from the finding, pure. */
@NullMarked
package dev.migrator.internal.file;

import org.jspecify.annotations.NullMarked;
