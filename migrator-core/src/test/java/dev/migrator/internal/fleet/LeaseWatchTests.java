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

  private boolean gone(long beats, int secondsLater) {
    clock.addAndGet(Duration.ofSeconds(secondsLater).toNanos());
    return watch.isGone(KEY, beats, Duration.ofSeconds(10));
  }

  @Test
  void onlyWhoWasWatchedForAWholeLeaseIsGone() {
    assertThat(gone(1, 0)).isFalse();
    assertThat(gone(1, 5)).isFalse();
    assertThat(gone(1, 5)).isFalse();
    assertThat(gone(1, 1)).isTrue();
    assertThat(gone(2, 1)).as("a sign of life, though late").isFalse();
    assertThat(gone(2, 5)).isFalse();
    assertThat(gone(3, 5)).isFalse();
  }

  /** Such as while nobody could reach the database. */
  @Test
  void whatWasNotLookedAtDoesNotCount() {
    assertThat(gone(1, 0)).isFalse();
    assertThat(gone(1, 60)).isFalse();
    assertThat(gone(1, 5)).isFalse();
    assertThat(gone(1, 5)).isFalse();
    assertThat(gone(1, 1)).isTrue();
  }

  @Test
  void whoHasRegisteredAgainIsWatchedAnew() {
    gone(1, 0);
    watch.keep(Set.of());
    gone(1, 5);
    assertThat(gone(1, 5)).isFalse();
  }
}
