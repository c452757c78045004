package dev.migrator.diff.internal.difference;

/**
 * What no sequence of releases can do as it is mapped.
 *
 * @param text what was found
 * @param remedy what to do
 */
public record Refusal(String text, String remedy) {}
