package dev.migrator.check;

import dev.migrator.check.internal.text.Script;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What is checked as one: a file, or a change set.
 *
 * @param named whether a text is its id
 * @param script reads it, when what stands before it has been tried
 */
record CheckUnit(Predicate<String> named, Supplier<Script> script) {}
