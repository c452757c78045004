/**
 * What a migration can do: one record for each operation. They are made by {@link
 * dev.migrator.Migration#define} and only say what is wanted; how it is done is not their business.
 */
@NullMarked
package dev.migrator.operation;

import org.jspecify.annotations.NullMarked;
