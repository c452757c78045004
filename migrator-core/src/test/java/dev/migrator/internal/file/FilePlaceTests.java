package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilePlaceTests {

  @ParameterizedTest
  @CsvSource({
    "V1__x, 1",
    "V1.0__x, 1",
    "V01_02__x, 1.2",
    "V0__x, 0",
    "20260115_x, 20260115000000",
    "202601151200_x, 20260115120000",
    "V20260115.1__x, 20260115000000.1",
    "V20261315__x, 20261315",
    "0001_schema, 1",
    "V99999999999999999999__x, 99999999999999999999"
  })
  void theVersionIsTheOneOfTheId(String id, String place) {
    assertThat(FilePlace.of(id)).hasToString("Optional[" + place + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"R__x.abc", "users", "V__x", "V1a__x", "1", ""})
  void othersHaveNone(String id) {
    assertThat(FilePlace.of(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1; DROP TABLE x", "1.", ".1", "1..2", "-1", "1e3", "٣", "<< Flyway >>"})
  void whatIsInATableAndNoVersionHasNone(String version) {
    assertThat(FilePlace.ofVersion(version)).isEmpty();
  }

  @Test
  void neitherHasNullNorALongOne() {
    assertThat(FilePlace.ofVersion(null)).isEmpty();
    assertThat(FilePlace.ofVersion("1".repeat(100_000))).isEmpty();
  }
}
