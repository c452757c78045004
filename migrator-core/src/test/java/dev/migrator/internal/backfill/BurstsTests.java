package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The workers of an instance work and rest together. */
class BurstsTests {

  private final Bursts bursts = new Bursts();

  private static long ms(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private long waitMillis(long now, double share) {
    return TimeUnit.NANOSECONDS.toMillis(bursts.waitNanos(ms(now), share));
  }

  private void range(long begin, long end) {
    bursts.begin(ms(begin));
    bursts.end(ms(end));
  }

  @Test
  void theRestFollowsFromTheShare() {
    assertThat(waitMillis(5, 0.2)).isZero();
    range(0, 10);
    assertThat(waitMillis(10, 0.2)).isEqualTo(40);
    assertThat(waitMillis(30, 0.2)).isEqualTo(20);
    assertThat(waitMillis(30, 0.02)).as("a share that has changed counts").isEqualTo(470);
    assertThat(waitMillis(50, 0.2)).isZero();
    assertThat(waitMillis(10, 1)).isZero();
  }

  @Test
  void nothingBeginsWithoutAShare() {
    assertThat(waitMillis(0, 0)).isPositive();
    range(0, 10);
    assertThat(waitMillis(1000, 0)).isPositive();
  }

  @Test
  void othersJoinABurstThatHasJustBegun() {
    bursts.begin(ms(0));
    assertThat(waitMillis(20, 0.5)).isZero();
    bursts.begin(ms(20));
    assertThat(waitMillis(60, 0.5)).isPositive();
    bursts.end(ms(70));
    bursts.end(ms(100));
    assertThat(waitMillis(100, 0.5)).as("as long as any of them worked").isEqualTo(100);
  }

  @Test
  void aCommitIsBesideARangeOrInARest() {
    Bursts.Moment before = bursts.moment(ms(0));
    assertThat(before.restsUntil(bursts.moment(ms(1)))).isTrue();
    bursts.begin(ms(2));
    Bursts.Moment during = bursts.moment(ms(3));
    assertThat(before.restsUntil(during)).isFalse();
    assertThat(before.besideRange(during)).isTrue();
    bursts.end(ms(10));
    Bursts.Moment after = bursts.moment(ms(11));
    assertThat(during.besideRange(after)).isTrue();
    assertThat(after.restsUntil(bursts.moment(ms(12)))).as("it settles").isFalse();
    assertThat(after.besideRange(bursts.moment(ms(12)))).isFalse();
    assertThat(bursts.moment(ms(40)).restsUntil(bursts.moment(ms(41)))).isTrue();
  }

  /** A range that came and went between two moments is not overlooked. */
  @Test
  void aShortRangeIsNoRest() {
    Bursts.Moment before = bursts.moment(ms(0));
    range(1, 2);
    assertThat(before.restsUntil(bursts.moment(ms(100)))).isFalse();
  }

  @Test
  void whileSomethingElseRunsNothingIsMeasured() {
    bursts.disturb();
    Bursts.Moment begin = bursts.moment(ms(0));
    assertThat(begin.restsUntil(bursts.moment(ms(1)))).isFalse();
    assertThat(begin.besideRange(bursts.moment(ms(1)))).isFalse();
    bursts.disturbed(ms(10));
    assertThat(bursts.moment(ms(11)).rests()).isFalse();
    assertThat(bursts.moment(ms(30)).rests()).isTrue();
  }

  @Test
  void whoCouldWorkAndDoesNotIsIdle() {
    range(0, 10);
    assertThat(bursts.idleNanos(ms(30), 0.2)).isZero();
    assertThat(bursts.idleNanos(ms(150), 0.2)).isEqualTo(ms(100));
    bursts.begin(ms(150));
    assertThat(bursts.idleNanos(ms(1000), 0.2)).isZero();
  }
}
