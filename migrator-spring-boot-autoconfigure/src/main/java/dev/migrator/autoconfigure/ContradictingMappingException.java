package dev.migrator.autoconfigure;

import dev.migrator.error.InvalidMigrationException;

/**
 * The application maps a column that it declares not to know. Unlike other errors of a declaration
 * it is found when the migrations have been prepared, as the mappings are made behind them.
 */
final class ContradictingMappingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ContradictingMappingException(InvalidMigrationException cause) {
    super(cause.getMessage(), cause);
  }
}
