/** What the commands do, for the command line and the Maven plugin alike. */
@NullMarked
package dev.migrator.cli.task;

import org.jspecify.annotations.NullMarked;
