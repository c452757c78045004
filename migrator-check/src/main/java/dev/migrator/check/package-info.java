/**
 * Tries SQL files before they run anywhere, and says what they would do beside a running
 * application.
 */
@NullMarked
package dev.migrator.check;

import org.jspecify.annotations.NullMarked;
