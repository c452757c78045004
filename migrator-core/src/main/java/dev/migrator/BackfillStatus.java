package dev.migrator;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the rows of a change are brought over.
 *
 * @param rowsDone how many rows were written; rows that had their value already are not
 * @param rowsEstimated how many rows the table has by its statistics
 * @param percent how much of the table is done, by its size on disk, 0 to 100
 * @param rowsPerSecond the rate of the last seconds
 * @param eta how long it will still take at that rate; {@code null} when unknown or done
 * @param startedAt when the first range was begun
 * @param finishedAt when the last range was done; {@code null} before
 * @param rowsVerified how many rows the verification has compared so far
 * @param differences how many rows it found different; {@code null} before it is finished
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
    @Nullable Long differences) {}
