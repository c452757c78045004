/** Auto-configuration of migrator: its engine, and when in the life of an application it works. */
@NullMarked
package dev.migrator.autoconfigure;

import org.jspecify.annotations.NullMarked;
