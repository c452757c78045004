/** What is claimed about speed, each claim by a program that prints a small table. */
@NullMarked
package dev.migrator.benchmarks;

import org.jspecify.annotations.NullMarked;
