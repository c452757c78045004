package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.BackfillStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the rows are.
 *
 * @param rowsDone how many rows were looked at
 * @param rowsEstimated how many rows the table has by its statistics
 * @param percent how much is done, to one decimal
 * @param rowsPerSecond the rate of the last seconds
 * @param eta how long it will still take, to the second
 * @param startedAt when the first range was begun
 * @param finishedAt when the last range was done
 * @param rowsVerified how many rows the verification has compared
 * @param differences how many rows it found different, once it is finished
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
    @Nullable Long differences) {

  static @Nullable BackfillDescriptor of(@Nullable BackfillStatus status) {
    if (status == null) {
      return null;
    }
    Duration eta = status.eta();
    return new BackfillDescriptor(
        status.rowsDone(),
        status.rowsEstimated(),
        // Rounded down: 100 is said only when all is done.
        Math.floor(status.percent() * 10) / 10,
        Math.round(status.rowsPerSecond()),
        (eta != null) ? Duration.ofSeconds(eta.toSeconds()).toString() : null,
        status.startedAt(),
        status.finishedAt(),
        status.rowsVerified(),
        status.differences());
  }
}
