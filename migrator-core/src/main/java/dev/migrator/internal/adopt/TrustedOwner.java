package dev.migrator.internal.adopt;

import org.jspecify.annotations.Nullable;

/**
 * Who may own a table that is written.
 *
 * @param name a role beside the one that works, superusers and roles without a login; {@code null}
 *     if there is none
 */
public record TrustedOwner(@Nullable String name) {}
