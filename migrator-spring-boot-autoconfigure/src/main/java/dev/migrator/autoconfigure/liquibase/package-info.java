/** What makes Liquibase safe with many instances. */
@NullMarked
package dev.migrator.autoconfigure.liquibase;

import org.jspecify.annotations.NullMarked;
