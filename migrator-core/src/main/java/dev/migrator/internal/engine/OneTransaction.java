package dev.migrator.internal.engine;

import dev.migrator.internal.engine.step.FileRefused;
import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.engine.step.VerificationFailed;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Work on migrations that is tried in one transaction, once for each. Where it does not fit, all of
 * it is rolled back, and the steps are run one by one, which also says what is wrong.
 */
final class OneTransaction {

  private static final Logger logger = LoggerFactory.getLogger(OneTransaction.class);

  private final Database database;

  /** Those that were tried in vain. */
  private final Set<String> tried = new HashSet<>();

  OneTransaction(Database database) {
    this.database = database;
  }

  boolean isTried(String id) {
    return tried.contains(id);
  }

  /**
   * Tries it.
   *
   * @param work returns what it has done, for people
   * @return whether it is done; if not, nothing has changed
   */
  boolean tries(String id, Supplier<Object> work) {
    long start = System.nanoTime();
    try {
      Object done = database.inTransaction(work);
      logger.info(
          "{}: {} in one transaction of {} ms",
          id,
          done,
          Duration.ofNanos(System.nanoTime() - start).toMillis());
      return true;
    } catch (NotInOneTransaction | FileRefused | PreconditionChanged | VerificationFailed ex) {
      logger.debug("{}: not in one transaction: {}", id, ex.getMessage());
    } catch (DataAccessException | TransactionException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      logger.info(
          "{}: not in one transaction ({}); its steps are run one by one",
          id,
          SqlState.describe(ex));
    }
    tried.add(id);
    return false;
  }
}
