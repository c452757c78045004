/**
 * Decisions, and nothing but decisions: pure functions from what is declared, recorded and known to
 * what runs next and what holds it.
 */
@NullMarked
package dev.migrator.internal.plan;

import org.jspecify.annotations.NullMarked;
