/** Changelogs of Liquibase, which reads them itself: a dependency of its users. */
@NullMarked
package dev.migrator.check.internal.changelog;

import org.jspecify.annotations.NullMarked;
