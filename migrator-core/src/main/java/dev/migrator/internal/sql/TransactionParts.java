package dev.migrator.internal.sql;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Parts of a transaction that can be rolled back alone. */
final class TransactionParts {

  private final JdbcTemplate template;

  TransactionParts(JdbcTemplate template) {
    this.template = template;
  }

  /** Does a part, and rolls back only that if it fails. */
  <T extends @Nullable Object> T attempt(Supplier<T> part) {
    template.execute("SAVEPOINT migrator");
    T result;
    try {
      result = part.get();
    } catch (RuntimeException ex) {
      template.execute("ROLLBACK TO SAVEPOINT migrator");
      throw ex;
    }
    template.execute("RELEASE SAVEPOINT migrator");
    return result;
  }

  /**
   * Does a part, and rolls back whatever it did.
   *
   * @param begin what is sent first in it, by the same round trip; empty if nothing is
   */
  <T extends @Nullable Object> T rolledBack(String begin, Supplier<T> part) {
    template.execute("SAVEPOINT migrator_part" + (begin.isEmpty() ? "" : "; " + begin));
    T result;
    try {
      result = part.get();
    } catch (RuntimeException ex) {
      try {
        rollBack();
      } catch (RuntimeException second) {
        // HikariCP closes a connection at SQLSTATE 0A000: that must not hide why.
        ex.addSuppressed(second);
      }
      throw ex;
    }
    rollBack();
    return result;
  }

  private void rollBack() {
    template.execute("ROLLBACK TO SAVEPOINT migrator_part; RELEASE SAVEPOINT migrator_part");
  }
}
