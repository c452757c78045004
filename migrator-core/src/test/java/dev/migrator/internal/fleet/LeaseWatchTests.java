package dev.migrator.internal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.Timings;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseWatchTests {

  private static final UUID KEY = UUID.randomUUID();

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // wraps around

  private final LeaseWatch watch = new LeaseWatch(clock::get, Timings.defaults());

  private boolean presumedDead(long beats, int secondsLater) {
    clock.addAndGet(Duration.ofSeconds(secondsLater).toNanos());
    return watch.isPresumedDead(KEY, beats, Duration.ofSeconds(10));
  }

  @Test
  void onlyAnInstanceWatchedForAWholeLeaseIsPresumedDead() {
    assertThat(presumedDead(1, 0)).isFalse();
    assertThat(presumedDead(1, 5)).isFalse();
    assertThat(presumedDead(1, 5)).isFalse();
    assertThat(presumedDead(1, 1)).isTrue();
    assertThat(presumedDead(2, 1)).as("a sign of life, though late").isFalse();
    assertThat(presumedDead(2, 5)).isFalse();
    assertThat(presumedDead(3, 5)).isFalse();
  }

  /** Such as while nobody could reach the database. */
  @Test
  void whatWasNotLookedAtDoesNotCount() {
    assertThat(presumedDead(1, 0)).isFalse();
    assertThat(presumedDead(1, 60)).isFalse();
    assertThat(presumedDead(1, 5)).isFalse();
    assertThat(presumedDead(1, 5)).isFalse();
    assertThat(presumedDead(1, 1)).isTrue();
  }

  @Test
  void whoHasRegisteredAgainIsWatchedAnew() {
    presumedDead(1, 0);
    watch.keep(Set.of());
    presumedDead(1, 5);
    assertThat(presumedDead(1, 5)).isFalse();
  }
}
