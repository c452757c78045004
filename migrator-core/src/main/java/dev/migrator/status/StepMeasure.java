package dev.migrator.status;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was predicted of a step, and what it took.
 *
 * @param predicted how long it was expected to take when it began; {@code null} if nobody could say
 * @param duration how long it took, of the attempt that was its last
 * @param lockWait how much of that it waited for its locks, as far as it takes them by itself
 * @param rows how many rows it wrote, or the table had by its statistics; {@code null} if unknown
 * @param bytes the size of the table when it began, without indexes; 0 if its work does not depend
 *     on that
 * @param walBytes how much the whole server wrote to its log meanwhile
 */
public record StepMeasure(
    @Nullable Duration predicted,
    Duration duration,
    Duration lockWait,
    @Nullable Long rows,
    long bytes,
    long walBytes) {}
