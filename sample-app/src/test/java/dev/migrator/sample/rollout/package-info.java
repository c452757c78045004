/**
 * Rolls the sample application from release 1 to the last under traffic, while instances freeze and
 * die, and checks that no request failed and no value was stale or lost.
 */
@NullMarked
package dev.migrator.sample.rollout;

import org.jspecify.annotations.NullMarked;
