package dev.migrator.sample;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A user as clients see it. This contract does not change when the column of the name does.
 *
 * @param id the key
 * @param name the full name
 * @param email the address, if there is one
 * @param createdAt when the user was added
 */
public record User(long id, String name, @Nullable String email, OffsetDateTime createdAt) {}
