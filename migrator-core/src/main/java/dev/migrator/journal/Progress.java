package dev.migrator.journal;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the work on the rows of a change is.
 *
 * @param work what is being done; {@code null} if nothing is
 * @param blocks how many blocks that is about
 * @param blocksLeft how many of them are not done yet
 * @param throttle why workers wait; {@code null} if none does
 * @param speed the share of the time in which they work, in percent
 * @param blocksPutOff how many blocks wait for rows that somebody else has locked
 */
public record Progress(
    Work.@Nullable Kind work,
    long blocks,
    long blocksLeft,
    long blocksPutOff,
    long rowsDone,
    long rowsEstimated,
    Instant startedAt,
    @Nullable Instant finishedAt,
    long rowsVerified,
    long rowsDiffering,
    @Nullable Instant verifiedAt,
    @Nullable String throttle,
    int speed,
    List<Hand> hands) {

  public Progress {
    hands = List.copyOf(hands);
  }

  /** Rows per second of all workers together. */
  public double rate() {
    return hands.stream().mapToDouble(Hand::rate).sum();
  }

  /**
   * Who works on it.
   *
   * @param worker the instance and which of its workers
   * @param chunk the number of the chunk
   * @param rows how many rows of it are done
   * @param rate rows per second
   */
  public record Hand(String worker, long chunk, long rows, double rate) {}
}
