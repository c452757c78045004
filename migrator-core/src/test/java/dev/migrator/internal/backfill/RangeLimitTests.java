package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.Timings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A range keeps its rows locked for as long as it waits, so all its waits have one limit. */
class RangeLimitTests {

  private static Duration limit(long target, int failures) {
    return ChunkWorker.limit(
        Duration.ofMillis(target),
        Duration.ofMillis(300),
        Timings.defaults().limits().range(),
        failures);
  }

  @Test
  void isTheLockBudgetUnlessRangesAreMeantToBeLonger() {
    assertThat(limit(100, 0)).isEqualTo(Duration.ofMillis(300));
    assertThat(limit(100, 5)).isEqualTo(Duration.ofMillis(300));
    assertThat(limit(250, 0)).as("by default").isEqualTo(Duration.ofMillis(375));
    assertThat(limit(2000, 0)).isEqualTo(Duration.ofMillis(3000));
  }

  @Test
  void growsOnlyForWhatFailsAgainAndAgainAndNotWithoutEnd() {
    assertThat(limit(100, 6)).isEqualTo(Duration.ofMillis(600));
    assertThat(limit(100, 1_000_000)).isEqualTo(Duration.ofSeconds(10));
  }
}
