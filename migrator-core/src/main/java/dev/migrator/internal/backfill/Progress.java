package dev.migrator.internal.backfill;

import java.time.Duration;
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
    BackfillTask.@Nullable Kind work,
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

  /** The share of the blocks that is done of what is being done, 0 to 1. */
  public double share() {
    return (blocks == 0) ? 1 : Math.max(0, 1 - (double) blocksLeft / blocks);
  }

  /** How many rows are to be brought over, as far as that can be told. */
  public long rowsExpected() {
    return (finishedAt != null) ? rowsDone : Math.max(rowsEstimated, inAll(rowsDone));
  }

  /** How long what is being done will still take at this rate; {@code null} if that is unknown. */
  public @Nullable Duration eta() {
    if (work == null || rate() <= 0) {
      return null;
    }
    long left =
        (work == BackfillTask.Kind.COPY)
            ? rowsExpected() - rowsDone
            : (share() > 0 ? inAll(rowsVerified) : rowsEstimated) - rowsVerified;
    return Duration.ofSeconds(Math.round(Math.max(0, left) / rate()));
  }

  private long inAll(long soFar) {
    return (share() > 0) ? Math.round(soFar / share()) : soFar;
  }

  /**
   * Who works on it.
   *
   * @param worker the instance and which of its workers
   * @param chunk the number of the chunk it is at
   * @param rows how many rows it has done, in all its chunks
   * @param rate rows per second
   */
  public record Hand(String worker, long chunk, long rows, double rate) {}
}
