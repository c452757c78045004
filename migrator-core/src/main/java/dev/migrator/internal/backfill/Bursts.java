package dev.migrator.internal.backfill;

import java.util.concurrent.TimeUnit;

/**
 * When the workers of an instance may begin a range so that ranges run for a share of the time.
 * They work and rest together, or there would be no moment at which none of them works. No clock.
 */
final class Bursts {

  /** Who comes later than this after the first one waits for the next burst. */
  private static final long JOIN = TimeUnit.MILLISECONDS.toNanos(50);

  /** What a range has left behind may slow down a commit for so long. */
  private static final long SETTLES = TimeUnit.MILLISECONDS.toNanos(20);

  private int running;

  private int disturbing;

  private long changes;

  private long begun;

  private long ended;

  private long quietSince;

  private long worked;

  private boolean ever;

  synchronized void begin(long now) {
    if (running == 0) {
      begun = now;
    }
    running++;
    changes++;
    ever = true;
  }

  synchronized void end(long now) {
    running--;
    changes++;
    if (running == 0) {
      ended = now;
      quietSince = now;
      worked = now - begun;
    }
  }

  /** Something else of ours runs from now on, which says nothing of either. */
  synchronized void disturb() {
    disturbing++;
    changes++;
    ever = true;
  }

  synchronized void disturbed(long now) {
    disturbing--;
    changes++;
    quietSince = now;
  }

  /**
   * How long until a range may begin.
   *
   * @param share of the time that ranges may run for; zero for not at all
   */
  synchronized long waitNanos(long now, double share) {
    if (share >= 1) {
      return 0;
    }
    if (share <= 0) {
      return JOIN;
    }
    if (running > 0) {
      return (now - begun < JOIN) ? 0 : JOIN;
    }
    double rest = worked * (1 - share) / share;
    return Math.max(0, (long) rest - (now - ended));
  }

  /** For how long a range could have begun and none has. */
  synchronized long idleNanos(long now, double share) {
    boolean may = running == 0 && share > 0 && waitNanos(now, share) == 0;
    return may ? now - quietSince - (long) (worked * (1 - share) / share) : 0;
  }

  /** What runs at a moment. */
  synchronized Moment moment(long now) {
    boolean rests = running == 0 && disturbing == 0 && (!ever || now - quietSince >= SETTLES);
    return new Moment(rests, running > 0 && disturbing == 0, changes);
  }

  /**
   * What runs.
   *
   * @param rests whether nothing does, nor did a moment ago
   * @param works whether a range does
   * @param changes how often that has changed
   */
  record Moment(boolean rests, boolean works, long changes) {

    /** Whether nothing ran from this moment to another one. */
    boolean restsUntil(Moment end) {
      return rests && changes == end.changes;
    }

    /** Whether a range ran at either. */
    boolean besideRange(Moment end) {
      return works || end.works;
    }
  }
}
