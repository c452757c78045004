package dev.migrator.internal.engine;

import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.internal.lease.Lease;

/**
 * The parts that work. A start with nothing to do makes none of them.
 *
 * @param lease that of the leader
 * @param leadership who leads
 * @param foreign the history of another tool
 * @param workers copy and compare rows
 * @param executor takes migrations forward
 */
record WorkParts(
    Lease lease,
    Leadership leadership,
    ForeignRecords foreign,
    BackfillWorkers workers,
    MigrationExecutor executor) {}
