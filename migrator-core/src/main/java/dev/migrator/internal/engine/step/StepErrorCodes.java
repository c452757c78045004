package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.sql.SqlState;

/** What kind of failure of a step an error of the database is. */
final class StepErrorCodes {

  private StepErrorCodes() {}

  static ErrorCode of(Throwable error) {
    if (SqlState.isConnectionLost(error)) {
      return ErrorCode.CONNECTION_LOST;
    }
    if (SqlState.isTimeout(error)) {
      return ErrorCode.STATEMENT_CANCELED;
    }
    if (SqlState.isContention(error)) {
      return ErrorCode.LOCK_NOT_GRANTED;
    }
    return SqlState.isViolation(error) ? ErrorCode.ROWS_VIOLATE : ErrorCode.STATEMENT_FAILED;
  }
}
