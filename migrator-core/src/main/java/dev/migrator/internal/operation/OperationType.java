package dev.migrator.internal.operation;

import dev.migrator.operation.Operation;

/**
 * Everything about one operation. To add one: its record, a folder with its type, and a line in
 * {@link Operations}.
 *
 * @param <O> the operation
 */
public interface OperationType<O extends Operation> {

  /** Which operation it is for. */
  Class<O> operation();

  /** What can be said of it without a database. Pure. */
  OperationFacts facts(O operation);

  /** Whether the database is asked anything before it runs. */
  default boolean needsDatabase() {
    return true;
  }

  /**
   * Compares it with the database: the only input and output of an operation. Changes nothing.
   *
   * @throws dev.migrator.error.InvalidMigrationException if it cannot be done as declared
   */
  ResolvedOperation resolve(O operation, Resolution resolution);
}
