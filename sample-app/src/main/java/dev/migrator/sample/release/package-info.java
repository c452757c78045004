/**
 * What each release changes, one class for each release, to be compared with each other: the
 * columns that its code uses, and how far its chain goes.
 */
@NullMarked
package dev.migrator.sample.release;

import org.jspecify.annotations.NullMarked;
