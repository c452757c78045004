package dev.migrator.internal.adopt;

import dev.migrator.operation.SqlFile;

/**
 * A file of this release that the journal does not know to have run.
 *
 * @param id of its migration
 * @param file what it does
 * @param flywayChecksum the sum that Flyway would keep of it
 */
public record KnownFile(String id, SqlFile file, int flywayChecksum) {}
