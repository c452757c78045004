package dev.migrator.internal.backfill;

import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;

/**
 * What the leader of a backfill or a verification needs.
 *
 * @param database where the rows are
 * @param lease what the leader checks
 * @param workers the workers of this instance
 * @param interruption asked while the workers work
 * @param contention told of ranges that somebody blocks
 * @param undo whether this is part of an undo, which the command to undo does not interrupt
 */
public record RangeWork(
    Database database,
    Lease lease,
    BackfillWorkers workers,
    Interruption interruption,
    Contention contention,
    boolean undo) {}
