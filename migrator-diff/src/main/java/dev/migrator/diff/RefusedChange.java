package dev.migrator.diff;

/**
 * A difference that no sequence of releases takes away while the mapping is as it is.
 *
 * @param text what was found
 * @param remedy what to do
 */
public record RefusedChange(String text, String remedy) {}
