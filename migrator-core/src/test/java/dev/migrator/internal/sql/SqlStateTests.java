package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionSystemException;

class SqlStateTests {

  /** As a pool says it that has closed a connection at its first error. */
  @Test
  void aRollbackOnAClosedConnectionIsALostConnection() {
    assertThat(
            SqlState.isConnectionLost(
                new TransactionSystemException(
                    "JDBC rollback failed", new SQLException("Connection is closed"))))
        .isTrue();
    assertThat(
            SqlState.isConnectionLost(
                new TransactionSystemException(
                    "JDBC commit failed", new SQLException("no", "P0001"))))
        .isFalse();
  }
}
