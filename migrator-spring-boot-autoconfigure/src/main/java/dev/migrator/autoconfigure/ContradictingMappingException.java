package dev.migrator.autoconfigure;

import dev.migrator.error.InvalidMigrationException;

/**
 * The application maps a column that it declares not to know. Unlike other errors of a declaration
 * it is found after the migrations are prepared, as the mappings are created after them.
 */
final class ContradictingMappingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ContradictingMappingException(InvalidMigrationException cause) {
    super(cause.getMessage(), cause);
  }
}
