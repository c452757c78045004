package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.backfill.Throttle.Readings;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.ThrottleSettings;
import dev.migrator.settings.TimeWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each threshold decides alone, and what is not set does not matter. */
class ThrottleTests {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static final ThrottleSettings OFF = ThrottleSettings.none();

  private static final Readings BUSY = new Readings(NOON, 20, 2e9, 3e9, 4e9, 7);

  private static String reason(ThrottleSettings throttle, Readings readings) {
    return Throttle.ofServer(BackfillSettings.builder().throttle(throttle).build(), readings);
  }

  @Test
  void nothingMattersThatIsNotSet() {
    assertThat(reason(OFF, BUSY)).isNull();
    assertThat(Throttle.ofInstance(OFF, 1000)).isNull();
    assertThat(Throttle.ofLatency(OFF, 1000)).isNull();
  }

  @Test
  void eachThresholdIsNamedWithItsReading() {
    assertThat(reason(OFF.toBuilder().replicationLag(Duration.ofSeconds(10)).build(), BUSY))
        .isEqualTo("a standby is 20.0 s behind, more than 10.0 s (replication-lag)");
    assertThat(reason(OFF.toBuilder().replicationLagSize(1 << 20).build(), BUSY))
        .isEqualTo("a standby is 1907 MB behind, more than 1 MB (replication-lag-size)");
    assertThat(reason(OFF.toBuilder().slotLag(1 << 20).build(), BUSY))
        .contains("2861 MB", "(slot-lag)");
    assertThat(reason(OFF.toBuilder().walRate(1 << 20).build(), BUSY))
        .contains("3815 MB", "(wal-rate)");
    assertThat(reason(OFF.toBuilder().waitingSessions(6).build(), BUSY))
        .isEqualTo("7 sessions wait for locks of the backfill, more than 6 (waiting-sessions)");
    assertThat(Throttle.ofInstance(OFF.toBuilder().poolWaiting(2).build(), 3))
        .contains("3 threads", "pool-waiting");
    assertThat(Throttle.ofLatency(OFF.toBuilder().latencyFactor(2).build(), 2.5))
        .contains("2.5 times");
  }

  @Test
  void whatIsAtItsThresholdIsNotBehindIt() {
    Readings calm = new Readings(NOON, 10, 1 << 20, 1 << 20, 1 << 20, 6);
    assertThat(
            reason(
                OFF.toBuilder()
                    .replicationLag(Duration.ofSeconds(10))
                    .replicationLagSize(1 << 20)
                    .slotLag(1 << 20)
                    .walRate(1 << 20)
                    .waitingSessions(6)
                    .build(),
                calm))
        .isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "22:00-06:00, 23:59, true",
    "22:00-06:00, 00:00, true",
    "22:00-06:00, 06:00, false",
    "22:00-06:00, 12:00, false",
    "09:00-17:00, 09:00, true",
    "09:00-17:00, 17:00, false"
  })
  void aWindowMayGoOverMidnight(String window, String time, boolean within) {
    assertThat(TimeWindow.parse(window).contains(LocalTime.parse(time))).isEqualTo(within);
  }

  @Test
  void windowsAreTimesOfDayInTheirZone() {
    BackfillSettings settings =
        BackfillSettings.builder()
            .throttle(OFF)
            .windows(List.of(TimeWindow.parse("21:00-22:00")))
            .build();
    assertThat(Throttle.ofServer(settings.toBuilder().zone(ZoneId.of("Asia/Tokyo")).build(), BUSY))
        .isNull();
    assertThat(Throttle.ofServer(settings.toBuilder().zone(ZoneId.of("UTC")).build(), BUSY))
        .isEqualTo("outside of the hours 21:00-22:00 UTC (windows)");
  }

  @Test
  void speedIsAShareOfTheTime() {
    assertThat(Throttle.restNanos(1000, 100)).isZero();
    assertThat(Throttle.restNanos(1000, 50)).isEqualTo(1000);
    assertThat(Throttle.restNanos(1000, 20)).isEqualTo(4000);
  }

  @Test
  void aRowIsComparedWithOthersOfItsPass() {
    Latency latency = new Latency();
    BackfillTask carry = work(BackfillTask.Kind.COPY);
    for (int i = 0; i < 10; i++) {
      assertThat(latency.timesAsLong(carry, 0, 1000, 4000)).isEqualTo(1);
      assertThat(latency.timesAsLong(carry, 1, 1000, 1000)).isEqualTo(1);
    }
    assertThat(latency.timesAsLong(carry, 1, 1000, 5000)).isEqualTo(5);
    assertThat(latency.timesAsLong(carry, 0, 1000, 4000)).isEqualTo(1);
    assertThat(latency.timesAsLong(carry, 1, 1, 5000)).as("one row tells nothing").isEqualTo(1);
    assertThat(latency.timesAsLong(work(BackfillTask.Kind.VERIFY), 1, 1000, 5000))
        .as("other work takes another time")
        .isEqualTo(1);
  }

  private static BackfillTask work(BackfillTask.Kind kind) {
    return new BackfillTask(
        "m", kind, new RangeSql(1, "t", 0, "t", "t", "b = a", "true", true), false);
  }
}
