package dev.migrator.internal.engine.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.error.ErrorCode;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepErrorCodesTests {

  @ParameterizedTest
  @CsvSource({
    "08006, CONNECTION_LOST",
    "57P01, CONNECTION_LOST",
    "57014, STATEMENT_CANCELED",
    "55P03, LOCK_NOT_GRANTED",
    "40P01, LOCK_NOT_GRANTED",
    "23505, ROWS_VIOLATE",
    "23514, ROWS_VIOLATE",
    "42501, STATEMENT_FAILED",
    "22012, STATEMENT_FAILED"
  })
  void anErrorOfTheServerHasTheCodeOfItsKind(String state, ErrorCode code) {
    assertThat(StepErrorCodes.of(new IllegalStateException(new SQLException("", state))))
        .isSameAs(code);
  }
}
