package dev.migrator.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the ranges of a change are.
 *
 * @param nextBlock the first block that is not brought over yet
 * @param endBlock the block behind the last one that has to be
 * @param verifyNextBlock the first block that is not compared yet
 * @param verifyEndBlock the block behind the last one to compare; {@code null} before the first
 */
public record Progress(
    long nextBlock,
    long endBlock,
    long rowsDone,
    long rowsEstimated,
    double rate,
    Instant startedAt,
    @Nullable Instant finishedAt,
    long verifyNextBlock,
    @Nullable Long verifyEndBlock,
    long rowsVerified,
    long rowsDiffering,
    @Nullable Instant verifiedAt) {}
