package dev.migrator.internal.backfill;

import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;

/**
 * What the leader works on ranges with.
 *
 * @param database where
 * @param lease what the leader checks
 * @param crew the workers of this instance
 * @param interruption asked while the workers work
 * @param contention told of ranges that somebody is in the way of
 * @param undo whether this is part of taking a change back, which an operator's wish to take it
 *     back does not interrupt
 */
public record RangeWork(
    Database database,
    Lease lease,
    BackfillWorkers crew,
    Interruption interruption,
    Contention contention,
    boolean undo) {}
