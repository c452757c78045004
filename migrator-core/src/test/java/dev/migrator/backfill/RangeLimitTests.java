package dev.migrator.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A range keeps its rows locked for as long as it waits, so all its waits have one limit. */
class RangeLimitTests {

  private static Duration limit(int failures) {
    return ChunkWorker.limit(Duration.ofMillis(100), Duration.ofMillis(300), failures);
  }

  @Test
  void isTheTargetAndTheLockBudgetTogether() {
    assertThat(limit(0)).isEqualTo(Duration.ofMillis(400));
    assertThat(limit(5)).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void growsOnlyForWhatFailsAgainAndAgainAndNotWithoutEnd() {
    assertThat(limit(6)).isEqualTo(Duration.ofMillis(800));
    assertThat(limit(1_000_000)).isEqualTo(Duration.ofSeconds(10));
  }
}
