/** The columns that Hibernate's entities map. */
@NullMarked
package dev.migrator.autoconfigure.hibernate;

import org.jspecify.annotations.NullMarked;
