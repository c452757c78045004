/**
 * Rehearsals: a migration taken through its phases on a PostgreSQL of the test's own, with as many
 * rows as production has, and what it did there. {@link dev.migrator.test.rehearsal.Rehearsal} is
 * where to begin.
 */
@NullMarked
package dev.migrator.test.rehearsal;

import org.jspecify.annotations.NullMarked;
