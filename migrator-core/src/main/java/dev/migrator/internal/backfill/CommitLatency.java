package dev.migrator.internal.backfill;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the time that small commits take for which share of the time ranges may run. No
 * input, no output, no clock.
 *
 * <p>A commit is slow if it takes more than the factor times as long as the slowest hundredth does
 * while no range runs. If no more than a hundredth of all commits is slow, the slowest hundredth of
 * all takes no more than the factor. Of the commits beside ranges a part is slow, and ranges run
 * for a share of the time: so their product is kept below a hundredth. The part is measured, so
 * this needs no model of what makes commits slow, and with one instance there is nothing that could
 * swing: the share follows from the samples, and not from the share before.
 */
final class CommitLatency {

  /** The least share, so that a backfill ends whatever commits take. */
  static final double LEAST = 0.02;

  /** Of a hundredth; the rest is what is slow anyway. */
  private static final double TOLERATED = 0.005;

  /** So many samples without a range before the first one that counts. */
  private static final int FIRST_RESTS = 50;

  /** The first ones are slow because of classes that are loaded, and caches that are filled. */
  private static final int COLD = 30;

  /** So many once in a while, if there was no rest. */
  private static final int MORE_RESTS = 30;

  /** After so many samples beside ranges. */
  private static final int WITHOUT_REST = 250;

  /** The same for the first time, as code that was run seldom becomes faster. */
  private static final int FIRST_WITHOUT_REST = 60;

  /** What is faster is not slow, in nanoseconds: it says more of the processors than of the log. */
  private static final double NEVER_SLOW = 300_000;

  /** Until there are so many, something is slow of what was not seen. */
  private static final int ENOUGH = 100;

  private static final double DOUBT = 20;

  private static final double SLOW_OF_DOUBT = 2;

  /** Others may work for as much of the time, whatever this instance does. */
  private static final double LEAST_OF_OTHERS = 0.05;

  /** How soon others do as this instance does. */
  private static final double FOLLOWS = 0.01;

  private final double factor;

  private final Durations resting = new Durations(256);

  private final Durations beside = new Durations(200);

  private int cold = COLD;

  private int restsOwed = FIRST_RESTS;

  private int sinceRest;

  private int withoutRest = FIRST_WITHOUT_REST;

  private double share = LEAST;

  private double shareOfOthers = LEAST_OF_OTHERS;

  CommitLatency(double factor) {
    this.factor = factor;
  }

  /** Notes what a commit took while no range ran. */
  void atRest(long nanos) {
    if (cold > 0) {
      cold--;
      return;
    }
    resting.add(nanos);
    restsOwed = Math.max(0, restsOwed - 1);
    sinceRest = Math.max(0, sinceRest - withoutRest / MORE_RESTS);
  }

  /** Notes what a commit took while a range ran. */
  void beside(long nanos) {
    beside.add(nanos);
    if (++sinceRest >= withoutRest) {
      // What it took so long ago says nothing.
      resting.clear();
      sinceRest = 0;
      restsOwed = MORE_RESTS;
      withoutRest = Math.min(WITHOUT_REST, 2 * withoutRest);
    }
  }

  /** Whether no range may run, so that it is seen what commits take without. */
  boolean wantsRest() {
    return restsOwed > 0;
  }

  /** Whether it is known what commits take without ranges. */
  boolean measured() {
    return resting.size() >= MORE_RESTS;
  }

  /** Goes on with what was measured. */
  void enough() {
    restsOwed = 0;
  }

  /**
   * The share of the time for the ranges of this instance, {@link #LEAST} to 1.
   *
   * @param others how many times as many workers other instances have
   */
  double share(double others) {
    double part = Math.max(slowest(others), slower(others));
    share = Math.max(LEAST, Math.min(1, TOLERATED / (1 + others) / Math.max(part, 1e-9)));
    shareOfOthers += FOLLOWS * (Math.max(LEAST_OF_OTHERS, share) - shareOfOthers);
    return share;
  }

  /** The part that is slower than the slowest hundredth may be. */
  private double slowest(double others) {
    double doubt = Math.max(0, 1 - (double) beside.size() / ENOUGH);
    double slow = beside.over(most(0.99, others)) + doubt * SLOW_OF_DOUBT;
    return slow / (beside.size() + doubt * DOUBT);
  }

  /**
   * The part that is slower than a tenth is anyway, beyond what may be chance. Where little is left
   * of the processors, the slowest hundredth of a session that commits now and then is slow at any
   * time, and that of a busy one is not.
   */
  private double slower(double others) {
    double most = most(0.9, others);
    double usually = Math.min(0.1, part(resting, most));
    double now = part(beside, most);
    double each = now * (1 - now) / Math.max(1, beside.size());
    double other = usually * (1 - usually) / Math.max(1, resting.size());
    return now - usually - 2 * Math.sqrt(each + other);
  }

  private static double part(Durations durations, double nanos) {
    return (double) durations.over(nanos) / Math.max(1, durations.size());
  }

  private double most(double part, double others) {
    return Math.max(NEVER_SLOW, usual(part, others) * factor);
  }

  /**
   * What that part takes at most without any range. Those of others cannot be seen: the slowest
   * samples are taken for theirs, as many as their share of the time is, or they would be usual.
   */
  private double usual(double part, double others) {
    return resting.quantile(Math.max(0.5, part * (1 - others * shareOfOthers)));
  }

  /** Why ranges run for this share of the time only; {@code null} if they run for nearly all. */
  @Nullable String reason() {
    if (share > 0.9) {
      return null;
    }
    long percent = Math.round(share * 100);
    if (beside.size() < DOUBT) {
      return "works %d %% of the time until it is known what commits take meanwhile (commit-latency-factor)"
          .formatted(percent);
    }
    boolean slowest = slowest(0) >= slower(0);
    double most = most(slowest ? 0.99 : 0.9, 0);
    return String.format(
        Locale.ROOT,
        "works %d %% of the time: of small commits, %d %% take longer than %.2f ms while it works, %d %% otherwise, and the slowest hundredth of all is to take no more than %.1f times as long (commit-latency-factor)",
        percent,
        Math.round(100 * part(beside, most)),
        most / 1e6,
        Math.round(100 * part(resting, most)),
        factor);
  }
}
