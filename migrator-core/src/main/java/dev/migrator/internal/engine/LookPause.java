package dev.migrator.internal.engine;

import java.time.Duration;

/**
 * How long a start that waits does not look again. A look at hundreds of migrations takes a while,
 * and a crowd that does nothing but look would leave the one that works no time: each looks for a
 * tenth of the time at most.
 */
final class LookPause {

  private static final int SHARE = 9;

  private LookPause() {}

  /**
   * The pause after a look.
   *
   * @param look how long the look took
   * @param least what is waited in any case; ten times as much is the most, as a look that waited
   *     for a lock says nothing
   */
  static Duration after(Duration look, Duration least) {
    Duration most = least.multipliedBy(10);
    Duration share = look.multipliedBy(SHARE);
    if (share.compareTo(least) < 0) {
      return least;
    }
    return share.compareTo(most) < 0 ? share : most;
  }
}
