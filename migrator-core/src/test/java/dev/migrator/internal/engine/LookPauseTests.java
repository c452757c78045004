package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookPauseTests {

  @ParameterizedTest
  @CsvSource({"0, 200", "10, 200", "23, 207", "100, 900", "222, 1998", "223, 2000", "60000, 2000"})
  void takesATenthOfTheTime(long look, long pause) {
    assertThat(LookPause.after(Duration.ofMillis(look), Duration.ofMillis(200)))
        .isEqualTo(Duration.ofMillis(pause));
  }
}
