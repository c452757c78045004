package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether other values are tried for a statement that was refused. */
class ChoiceTests {

  @ParameterizedTest
  @ValueSource(strings = {"22P02", "23503", "P0001", "44000"})
  void whatIsSaidOfValues(String state) {
    assertThat(Choice.isOfValues(new SQLException("refused", state))).isTrue();
  }

  /** Such as one that takes too long, which other values would make no shorter. */
  @ParameterizedTest
  @ValueSource(strings = {"57014", "57P01", "42P01", "55P03", "40P01", "08006"})
  void whatIsSaidOfTheStatement(String state) {
    assertThat(Choice.isOfValues(new SQLException("refused", state))).isFalse();
  }
}
