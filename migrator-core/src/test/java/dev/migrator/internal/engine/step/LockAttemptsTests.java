package dev.migrator.internal.engine.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.Timings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The tries of one leader, while others lead in between. */
class LockAttemptsTests {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // clocks may overflow

  private final LockAttempts tries = new LockAttempts(LIMIT, Timings.defaults(), now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void theTurnsOfOthersDoNotCount() {
    for (int turn = 0; turn < 4; turn++) {
      tries.begin();
      pass(Duration.ofMinutes(1));
      assertThat(tries.isOver()).isFalse();
      tries.end();
      pass(Duration.ofMinutes(2));
      assertThat(tries.isOld()).isFalse();
    }
    tries.begin();
    assertThat(tries.isOver()).isFalse();
    pass(Duration.ofMinutes(1));
    assertThat(tries.isOver()).isTrue();
  }

  @Test
  void pausesGrowFromTurnToTurn() {
    for (int turn = 0; turn < 10; turn++) {
      tries.begin();
      Duration pause = tries.pause();
      assertThat(tries.next() - now.get()).isEqualTo(pause.toNanos());
      pass(pause);
      tries.end();
    }
    assertThat(tries.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whatWasLeftLongAgoBeginsAnew() {
    tries.begin();
    tries.end();
    pass(LIMIT);
    assertThat(tries.isOld()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(tries.isOld()).isTrue();
  }

  /** Each is made as early as it may be, and the pauses are as long as ever. */
  @Test
  void earlyOnesAreNoMore() {
    long begin = now.get();
    tries.begin();
    tries.pause();
    for (int attempts = 2; attempts < 20; attempts++) {
      long due = tries.next() - begin;
      long early = tries.early() - begin;
      assertThat(early).isLessThan(due);
      pass(Duration.ofNanos(Math.max(0, early - (now.get() - begin))));
      tries.pause();
      assertThat(tries.early() - begin).as("when attempt %d was due", attempts).isEqualTo(due);
      assertThat(tries.next() - begin - due).as("a whole pause").isPositive();
    }
    assertThat(tries.next() - tries.early()).isGreaterThan(Duration.ofSeconds(5).toNanos() - 1);
  }

  @Test
  void oneThatWasMadeInTimeLetsTheNextBeEarlyAtOnce() {
    tries.begin();
    pass(tries.pause().plusSeconds(1));
    tries.pause();
    assertThat(tries.early()).isEqualTo(now.get());
  }
}
