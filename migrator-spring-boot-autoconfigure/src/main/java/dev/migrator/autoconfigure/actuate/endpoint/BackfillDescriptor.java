package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.status.BackfillStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the rows are.
 *
 * @param rowsDone how many rows were written
 * @param rowsEstimated how many rows the table has by its statistics
 * @param percent how much is done, to one decimal
 * @param rowsPerSecond the rate of the last seconds
 * @param eta how long what is being done will still take, to the second
 * @param startedAt when the first range was begun
 * @param finishedAt when the last range was done
 * @param rowsVerified how many rows the verification has compared
 * @param percentVerified how much is compared, to one decimal
 * @param differences how many rows it found different, once it is finished
 * @param workers who works on it at present, in all instances
 * @param throttle why workers wait at present, if any does
 * @param speed the share of the time in which they work, in percent
 * @param blocksWaiting how many blocks of the table wait for rows that somebody else has locked
 * @param badRows how many rows cannot be copied
 * @param badRowKeys the first of them, by their keys
 */
public record BackfillDescriptor(
    long rowsDone,
    long rowsEstimated,
    double percent,
    long rowsPerSecond,
    @Nullable String eta,
    Instant startedAt,
    @Nullable Instant finishedAt,
    long rowsVerified,
    double percentVerified,
    @Nullable Long differences,
    List<WorkerDescriptor> workers,
    @Nullable String throttle,
    int speed,
    long blocksWaiting,
    long badRows,
    List<String> badRowKeys) {

  static @Nullable BackfillDescriptor of(@Nullable BackfillStatus status) {
    if (status == null) {
      return null;
    }
    Duration eta = status.eta();
    return new BackfillDescriptor(
        status.rowsDone(),
        status.rowsEstimated(),
        roundedDown(status.percent()),
        Math.round(status.rowsPerSecond()),
        (eta != null) ? Duration.ofSeconds(eta.toSeconds()).toString() : null,
        status.startedAt(),
        status.finishedAt(),
        status.rowsVerified(),
        roundedDown(status.percentVerified()),
        status.differences(),
        status.workers().stream().map(WorkerDescriptor::of).toList(),
        status.throttle(),
        status.speed(),
        status.blocksWaiting(),
        status.badRows(),
        status.badRowKeys());
  }

  /** 100 only when all is done. */
  private static double roundedDown(double percent) {
    return Math.floor(percent * 10) / 10;
  }

  /**
   * One that works on it.
   *
   * @param name the instance, and which of its threads
   * @param chunk the number of the part of the table it is at
   * @param rowsDone how many rows it has written, or compared, in all its parts
   * @param rowsPerSecond its rate of the last seconds
   */
  public record WorkerDescriptor(String name, long chunk, long rowsDone, long rowsPerSecond) {

    static WorkerDescriptor of(BackfillStatus.Worker worker) {
      return new WorkerDescriptor(
          worker.name(), worker.chunk(), worker.rowsDone(), Math.round(worker.rowsPerSecond()));
    }
  }
}
