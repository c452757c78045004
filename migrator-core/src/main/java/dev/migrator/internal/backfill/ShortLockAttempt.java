package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * A transaction of the leader that reads the size of the table, for which the server needs a lock.
 * It waits for that in short attempts: in between the blockers are reported, and the leader can be
 * told to end.
 */
final class ShortLockAttempt {

  private ShortLockAttempt() {}

  /**
   * Tries until it is done.
   *
   * @param transaction checks the lease itself
   * @return its result; empty if told to end before
   */
  static <T> Optional<T> of(RangeWork work, Supplier<T> transaction) {
    while (!work.interruption().isRequested()) {
      Optional<T> result = attempt(work, transaction);
      if (result.isPresent()) {
        return result;
      }
      LockSupport.parkNanos(limit(work).toNanos());
    }
    return Optional.empty();
  }

  private static Duration limit(RangeWork work) {
    return work.workers().timings().limits().tableSize();
  }

  /** Tries once. Empty if somebody blocked it. */
  static <T> Optional<T> attempt(RangeWork work, Supplier<T> transaction) {
    Database database = work.database();
    try {
      return Optional.of(
          database.inTransaction(
              () -> {
                database.lockTimeout(limit(work));
                return transaction.get();
              }));
    } catch (DataAccessException | TransactionException ex) {
      if (!SqlState.isContention(ex)) {
        throw ex;
      }
      work.contention().met();
      return Optional.empty();
    }
  }
}
