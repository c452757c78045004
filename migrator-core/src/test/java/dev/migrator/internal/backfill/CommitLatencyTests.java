package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Plays servers: bursts of 25 ms and rests as they follow from the share, samples as they would be
 * taken meanwhile, and an application that commits all the time.
 */
class CommitLatencyTests {

  private static final int SECOND = 1000;

  private final Random random = new Random(7);

  private final CommitLatency latency = new CommitLatency(1.5);

  private final long[] application = new long[1_000_000];

  private int commits;

  private double worked;

  private double millis;

  private double share;

  /** Of another instance, all the time. */
  private double others;

  @BeforeEach
  void measuresFirst() {
    share = 0;
  }

  private void play(double seconds, DoubleSupplier resting, DoubleSupplier beside) {
    commits = 0;
    worked = 0;
    millis = 0;
    while (millis < seconds * SECOND) {
      if (latency.wantsRest()) {
        pass(4, resting);
        latency.atRest(nanos(resting));
        continue;
      }
      share = latency.share(others);
      double pause = Math.max(2, 20 * share);
      for (double done = 0; done < 25; done += pause) {
        pass(Math.min(pause, 25 - done), beside);
        latency.beside(nanos(beside));
      }
      worked += 25;
      double rest = 25 * (1 - share) / share;
      for (double done = 0; done < rest; done += 100) {
        pass(Math.min(100, rest - done), resting);
        if (done + 100 <= rest) {
          latency.atRest(nanos(resting));
        }
      }
    }
  }

  /** The application commits twice in a millisecond. */
  private void pass(double time, DoubleSupplier commit) {
    for (double done = 0; done < time; done += 0.5) {
      application[commits++] = nanos(commit);
    }
    millis += time;
  }

  private long nanos(DoubleSupplier commit) {
    return (long) (commit.getAsDouble() * 1e6);
  }

  private double percentile99() {
    long[] sorted = Arrays.copyOf(application, commits);
    Arrays.sort(sorted);
    return sorted[(int) (commits * 0.99)] / 1e6;
  }

  private double p99Of(DoubleSupplier commit) {
    long[] sorted = new long[100_000];
    Arrays.setAll(sorted, it -> nanos(commit));
    Arrays.sort(sorted);
    return sorted[99_000] / 1e6;
  }

  /** A usual server: most commits take about as long as others, some take longer. */
  private DoubleSupplier around(double typical) {
    return () ->
        typical * (0.85 + 0.3 * random.nextDouble() + 0.05 * -Math.log(random.nextDouble()));
  }

  /** One in so many is slow. */
  private DoubleSupplier oneIn(int many, double slow, DoubleSupplier others) {
    return () -> random.nextInt(many) == 0 ? slow : others.getAsDouble();
  }

  @Test
  void nothingRunsBeforeItIsKnownWhatCommitsTake() {
    for (int i = 0; i < 80; i++) {
      assertThat(latency.wantsRest()).isTrue();
      latency.atRest(500_000);
    }
    assertThat(latency.wantsRest()).isFalse();
    assertThat(latency.share(0)).as("careful at first").isLessThan(0.1);
    assertThat(latency.reason()).contains("until it is known", "(commit-latency-factor)");
  }

  @Test
  void aServerThatDoesNotMindIsWorkedAtFullSpeed() {
    play(5, around(0.5), around(0.5));
    play(30, around(0.5), around(0.5));
    assertThat(share).isGreaterThan(0.9);
    assertThat(worked / millis).isGreaterThan(0.85);
    assertThat(latency.reason()).isNull();
  }

  @Test
  void aSaturatedServerIsSparedFromTheFirstRangesOn() {
    play(10, around(0.5), around(5));
    assertThat(share).isEqualTo(CommitLatency.LEAST);
    assertThat(worked / millis).isLessThan(0.04);
    assertThat(latency.reason())
        .contains(
            "works 2 % of the time: of small commits, 100 % take longer than 0.",
            " ms while it works, ", "(commit-latency-factor)");
  }

  /** So many commits beside ranges are slow that the least share would be too little. */
  @Test
  void theSlowestHundredthStaysBelowTheFactor() {
    DoubleSupplier resting = around(0.5);
    play(60, resting, oneIn(8, 2.5, around(0.55)));
    assertThat(share).isBetween(0.03, 0.15);
    assertThat(percentile99() / p99Of(resting)).isLessThanOrEqualTo(1.5);
  }

  /** The first commits of a process load classes, and would make anything pass for usual. */
  @Test
  void theFirstOnesDoNotCount() {
    for (int i = 0; i < 30; i++) {
      latency.atRest(20_000_000);
    }
    play(5, around(0.5), around(5));
    assertThat(share).isEqualTo(CommitLatency.LEAST);
  }

  /** Code becomes faster while it runs: what is usual is soon measured once more. */
  @Test
  void whatIsUsualIsMeasuredAgainSoonAtFirst() {
    play(0.4, around(5), around(5));
    play(3, around(0.5), around(5));
    assertThat(share).isLessThan(0.05);
  }

  /** Without a disk to wait for, a commit takes ten times as long for reasons of no matter. */
  @Test
  void commitsThatAreFastAnywayAreNotSpared() {
    play(5, around(0.05), around(0.05));
    play(30, around(0.05), oneIn(5, 0.25, around(0.05)));
    assertThat(share).isGreaterThan(0.9);
  }

  /** A session that commits now and then waits for a processor, a busy one does not. */
  @Test
  void aFewThatAreSlowAnywayDoNotHideTheOthers() {
    play(20, oneIn(20, 6, around(0.5)), oneIn(20, 6, oneIn(3, 1.5, around(0.5))));
    assertThat(share).isLessThan(0.04);
  }

  @Test
  void itIsStableWhereSomeAreSlow() {
    play(10, around(0.5), oneIn(20, 3, around(0.5)));
    double least = 1;
    double most = 0;
    for (int i = 0; i < 60; i++) {
      play(1, around(0.5), oneIn(20, 3, around(0.5)));
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    assertThat(least).isGreaterThan(0.03);
    assertThat(most).isLessThan(0.6);
  }

  /** Stalls that have nothing to do with ranges do not keep it from its work. */
  @Test
  void noiseIsNotTakenForItsOwn() {
    DoubleSupplier noisy = oneIn(50, 6, around(0.5));
    play(10, noisy, noisy);
    play(60, noisy, noisy);
    assertThat(worked / millis).isGreaterThan(0.6);
  }

  @Test
  void aSlowDiskIsNoReason() {
    play(5, around(30), around(31));
    play(60, around(30), around(31));
    assertThat(worked / millis).isGreaterThan(0.8);
  }

  @Test
  void itRecoversInSecondsWhenTheLoadGoes() {
    play(20, around(0.5), around(5));
    assertThat(share).isEqualTo(CommitLatency.LEAST);
    play(40, around(0.5), around(0.5));
    assertThat(share).isGreaterThan(0.9);
  }

  @Test
  void itGivesWayInSecondsWhenLoadComes() {
    play(60, around(0.5), around(0.5));
    assertThat(share).isGreaterThan(0.9);
    play(3, around(0.5), around(5));
    assertThat(share).isLessThan(0.05);
  }

  /** What commits take without ranges changes while none rests. */
  @Test
  void whatIsUsualIsMeasuredAgain() {
    play(30, around(2), around(2));
    assertThat(share).isGreaterThan(0.9);
    play(30, around(0.5), around(2));
    assertThat(share).isLessThan(0.05);
    play(60, around(2), around(2));
    assertThat(share).isGreaterThan(0.9);
  }

  @Test
  void instancesShareWhatIsTolerated() {
    play(20, around(0.5), oneIn(10, 5, around(0.5)));
    double alone = latency.share(0);
    assertThat(latency.share(3)).isCloseTo(Math.max(CommitLatency.LEAST, alone / 4), within(0.01));
  }

  /** Else each would take what the others do for usual, and all would go faster and faster. */
  @Test
  void rangesOfOthersAreNotTakenForUsual() {
    others = 3;
    double share = 0.05;
    DoubleSupplier slow = around(5);
    DoubleSupplier usual = around(0.5);
    play(60, () -> (random.nextDouble() < 3 * share ? slow : usual).getAsDouble(), slow);
    assertThat(latency.share(3)).isEqualTo(CommitLatency.LEAST);
  }
}
