package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Others are seen soon, and forgotten soon. */
class TrafficTests {

  private final Traffic traffic = new Traffic();

  private long count = 1_000_000;

  private long own;

  private long millis;

  /** Reads every 100 ms. */
  private void pass(int seconds, int foreignPerSecond, int ownPerSecond, int others) {
    long begin = millis;
    long countBegin = count;
    long ownBegin = own;
    while (millis < begin + seconds * 1000L) {
      millis += 100;
      own = ownBegin + (millis - begin) * ownPerSecond / 1000;
      count = countBegin + (millis - begin) * (foreignPerSecond + ownPerSecond) / 1000;
      traffic.reading(count, own, TimeUnit.MILLISECONDS.toNanos(millis), others);
    }
  }

  @Test
  void oneReadingSaysNothing() {
    traffic.reading(5_000_000, 0, 0, 0);
    assertThat(traffic.busy()).isFalse();
  }

  @Test
  void manyCommitsAreSeenAtOnce() {
    traffic.reading(count, 0, 0, 0);
    traffic.reading(count + 92, 1, TimeUnit.MILLISECONDS.toNanos(20), 0);
    assertThat(traffic.busy()).isTrue();
  }

  /** The first range of a JVM takes long. */
  @Test
  void manyAreSeenAtOnceAlsoIfThatIsLate() {
    traffic.reading(count, 0, 0, 0);
    traffic.reading(count + 900, 1, TimeUnit.MILLISECONDS.toNanos(900), 0);
    assertThat(traffic.busy()).isTrue();
  }

  @Test
  void ownCommitsAreNobody() {
    pass(10, 0, 500, 0);
    assertThat(traffic.busy()).isFalse();
  }

  @Test
  void heartbeatsAreNobody() {
    pass(10, 5, 50, 0);
    assertThat(traffic.busy()).isFalse();
  }

  @Test
  void aFewCommitsInASecondAreSomebody() {
    pass(5, 20, 50, 0);
    assertThat(traffic.busy()).isTrue();
  }

  @Test
  void anAutovacuumIsNobody() {
    pass(5, 0, 50, 0);
    pass(2, 50, 50, 0);
    pass(5, 0, 50, 0);
    assertThat(traffic.busy()).isFalse();
  }

  @Test
  void theyAreForgottenWhenTheyHaveGone() {
    pass(4, 1000, 50, 0);
    assertThat(traffic.busy()).isTrue();
    pass(5, 0, 50, 0);
    assertThat(traffic.busy()).isFalse();
  }

  @Test
  void workersOfOtherInstancesAreNobody() {
    pass(6, 120, 50, 3);
    assertThat(traffic.busy()).isFalse();
    pass(6, 500, 50, 3);
    assertThat(traffic.busy()).isTrue();
  }

  /** A worker that waits for something else reads seldom. */
  @Test
  void aLongTimeBetweenReadingsCounts() {
    traffic.reading(count, 0, 0, 0);
    traffic.reading(count + 60, 0, TimeUnit.SECONDS.toNanos(60), 0);
    assertThat(traffic.busy()).isFalse();
  }
}
