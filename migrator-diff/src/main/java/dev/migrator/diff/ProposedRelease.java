package dev.migrator.diff;

/**
 * One release of a change.
 *
 * @param code what the code of that release does
 * @param bean the bean that it declares, as Java source
 */
public record ProposedRelease(String code, String bean) {}
