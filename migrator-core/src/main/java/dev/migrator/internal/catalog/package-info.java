/** Reading the catalog. */
@NullMarked
package dev.migrator.internal.catalog;

import org.jspecify.annotations.NullMarked;
