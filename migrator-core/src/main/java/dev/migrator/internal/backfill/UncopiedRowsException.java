package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Identifiers;
import java.util.List;

/**
 * Rows whose value cannot be computed from the other side, or that break a constraint. The message
 * goes to logs and to the endpoint, so it has their number and no key, which is data.
 */
public final class UncopiedRowsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private UncopiedRowsException(
      String migration, String table, List<String> states, String consequence) {
    super(
        "rows of %s cannot be copied to the other side: %s; %s. Their keys: SELECT key, sqlstate FROM migrator.quarantine WHERE migration_id = %s"
            .formatted(
                table, String.join(", ", states), consequence, Identifiers.literal(migration)));
  }

  /** All rows were tried. */
  static UncopiedRowsException of(String migration, String table, List<String> states) {
    return new UncopiedRowsException(migration, table, states, "all others are copied");
  }

  /** So many were bad that there is no point in going on. */
  static UncopiedRowsException givenUp(String migration, String table, List<String> states) {
    return new UncopiedRowsException(
        migration, table, states, "the backfill gave up, as the transform fails on so many");
  }

  /** It is not the value that is refused, but every update. */
  static UncopiedRowsException refusedByTrigger(
      String migration, String table, List<String> states, List<String> triggers) {
    return new UncopiedRowsException(
        migration,
        table,
        states,
        "the backfill gave up, as not the transform fails but every update: these triggers of the table can refuse it: %s. Declare withoutUserTriggers(), if what the backfill writes does not concern them"
            .formatted(String.join(", ", triggers)));
  }
}
