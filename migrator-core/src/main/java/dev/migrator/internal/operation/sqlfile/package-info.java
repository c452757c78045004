/** The operation that runs a SQL file. */
@NullMarked
package dev.migrator.internal.operation.sqlfile;

import org.jspecify.annotations.NullMarked;
