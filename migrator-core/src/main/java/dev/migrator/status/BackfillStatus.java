package dev.migrator.status;

import dev.migrator.settings.BackfillSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The progress of the backfill of one migration.
 *
 * @param rowsDone how many rows were written; rows that had their value already do not count
 * @param rowsEstimated how many rows the table has by its statistics
 * @param percent how much of the table is done, by its size on disk, 0 to 100
 * @param rowsPerSecond the rate of the last seconds, of all workers together
 * @param eta how long the copying or the verification, whichever runs, will still take at that
 *     rate; {@code null} if unknown or if neither runs
 * @param startedAt when the first range was begun
 * @param finishedAt when the last range was done; {@code null} before
 * @param rowsVerified how many rows the verification has compared so far
 * @param percentVerified how much of the table is compared, by its size on disk, 0 to 100
 * @param differences how many rows it found that differ; {@code null} before it is finished
 * @param workers the workers at present, of all instances
 * @param throttle why workers wait at present, or work for a part of the time only; {@code null} if
 *     none does
 * @param speed the share of the time in which they work, in percent, as an operator set it
 * @param blocksWaiting how many blocks of the table wait for rows that another session has locked
 * @param badRows how many rows cannot be copied
 * @param badRowKeys the first of them, each by its primary key, or its place in the table, and the
 *     code of the error; none unless {@link BackfillSettings.Builder#showKeys} is set
 */
public record BackfillStatus(
    long rowsDone,
    long rowsEstimated,
    double percent,
    double rowsPerSecond,
    @Nullable Duration eta,
    Instant startedAt,
    @Nullable Instant finishedAt,
    long rowsVerified,
    double percentVerified,
    @Nullable Long differences,
    List<Worker> workers,
    @Nullable String throttle,
    int speed,
    long blocksWaiting,
    long badRows,
    List<String> badRowKeys) {

  /** Copies the lists. */
  public BackfillStatus {
    workers = List.copyOf(workers);
    badRowKeys = List.copyOf(badRowKeys);
  }

  /**
   * One worker.
   *
   * @param name the instance, and which of its threads
   * @param chunk the number of the part of the table it is at
   * @param rowsDone how many rows it has written, or compared, in all its parts
   * @param rowsPerSecond its rate of the last seconds
   */
  public record Worker(String name, long chunk, long rowsDone, double rowsPerSecond) {}
}
