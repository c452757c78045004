package dev.migrator.internal.backfill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the work on the rows of a migration is.
 *
 * @param work what is being done; {@code null} if nothing is
 * @param blocks how many blocks have rows that are worked on
 * @param blocksLeft how many of them are not done yet
 * @param throttle why workers wait; {@code null} if none does
 * @param speed the share of the time in which they work, in percent
 * @param rowsBad how many rows could not be copied
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
    long rowsBad,
    List<Worker> workers) {

  public Progress {
    workers = List.copyOf(workers);
  }

  /** Rows per second of all workers together. */
  public double rate() {
    return workers.stream().mapToDouble(Worker::rate).sum();
  }

  /** The share of the blocks that is done, 0 to 1. */
  public double share() {
    return (blocks == 0) ? 1 : Math.max(0, 1 - (double) blocksLeft / blocks);
  }

  /** How many rows are to be copied, as far as that can be told. */
  public long rowsExpected() {
    return (finishedAt != null) ? rowsDone : Math.max(rowsEstimated, inAll(rowsDone));
  }

  /** How long the work will still take at this rate; {@code null} if that is unknown. */
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
   * A worker that owns a chunk.
   *
   * @param name the instance and which of its workers
   * @param chunk the number of its chunk
   * @param rows how many rows it has done, in all its chunks
   * @param rate rows per second
   */
  public record Worker(String name, long chunk, long rows, double rate) {}
}
