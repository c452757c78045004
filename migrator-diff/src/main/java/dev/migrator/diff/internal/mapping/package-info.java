/** What the entities and aggregates of an application map, and the tables that they would have. */
@NullMarked
package dev.migrator.diff.internal.mapping;

import org.jspecify.annotations.NullMarked;
