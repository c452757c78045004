/** The columns that the aggregates of Spring Data JDBC map. */
@NullMarked
package dev.migrator.autoconfigure.data;

import org.jspecify.annotations.NullMarked;
