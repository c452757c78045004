package dev.migrator.internal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.settings.FleetSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often a heartbeat asks the database, counted by a clock of the test's own. */
class HeartbeatPaceTests {

  private static final Duration RETRY = Duration.ofSeconds(5);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // wraps around

  private int beats;

  @Test
  void atRestItIsOneInTenSecondsByDefault() {
    HeartbeatPace pace = pace(FleetSettings.defaults());
    look(pace, Duration.ofMinutes(10), true);
    assertThat(beats).isBetween(59, 60);
    assertThat(pace.isQuiet()).isTrue();
  }

  @Test
  void withSomethingUnderWayItIsOneInFive() {
    HeartbeatPace pace = pace(FleetSettings.defaults());
    look(pace, Duration.ofMinutes(10), false);
    assertThat(beats).isBetween(119, 120);
    assertThat(pace.isQuiet()).isFalse();
  }

  /** At a third of the lease every one is needed. */
  @Test
  void noneIsLeftOutWhereTwoWouldNotFit() {
    FleetSettings settings =
        FleetSettings.builder()
            .leaseTime(Duration.ofSeconds(30))
            .heartbeat(Duration.ofSeconds(10))
            .build();
    look(pace(settings), Duration.ofMinutes(10), true);
    assertThat(beats).isBetween(59, 60);
  }

  @Test
  void oneThatFailedIsTriedAgainAtTheNextLook() {
    HeartbeatPace pace = pace(FleetSettings.builder().leaseTime(Duration.ofHours(1)).build());
    assertThat(pace.isDue()).isFalse();
    assertThat(pace.lookEvery()).isEqualTo(RETRY);
    pace.begins();
    assertThat(pace.isDue()).isTrue();
    assertThat(pace.isQuiet()).isFalse();
    pace.begins();
    pace.succeeded(true);
    assertThat(pace.isDue()).isFalse();
  }

  private HeartbeatPace pace(FleetSettings settings) {
    return new HeartbeatPace(settings, RETRY, clock::get);
  }

  private void look(HeartbeatPace pace, Duration time, boolean calm) {
    long looks = time.dividedBy(pace.lookEvery());
    for (long look = 0; look < looks; look++) {
      clock.addAndGet(pace.lookEvery().toNanos());
      if (pace.isDue()) {
        beats++;
        pace.begins();
        pace.succeeded(calm);
      }
    }
  }
}
