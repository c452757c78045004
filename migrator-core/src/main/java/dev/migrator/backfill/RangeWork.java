package dev.migrator.backfill;

import dev.migrator.journal.Lease;
import dev.migrator.postgres.Database;
import java.time.Duration;

/**
 * How ranges are worked on.
 *
 * @param database where
 * @param lease what every range checks first
 * @param target how long a range should take
 * @param lockBudget how long it may wait for a locked row
 * @param interruption asked between ranges
 * @param contention told of ranges that somebody is in the way of
 * @param undo whether this is part of taking a change back, which an operator's wish to take it
 *     back does not interrupt
 */
public record RangeWork(
    Database database,
    Lease lease,
    Duration target,
    Duration lockBudget,
    Interruption interruption,
    Contention contention,
    boolean undo) {}
