package dev.migrator.internal.backfill;

import dev.migrator.PoolPressure;
import dev.migrator.internal.Timings;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.MigratorSettings;

/**
 * What every worker of an instance needs.
 *
 * @param database where the rows are
 * @param settings what the user has set
 * @param timings how often and how long
 * @param pool the application's pool
 * @param interruption asked between ranges
 * @param blocked the workers that somebody blocks
 * @param steering spares the commits of others
 */
record WorkerContext(
    Database database,
    MigratorSettings settings,
    Timings timings,
    PoolPressure pool,
    Interruption interruption,
    BlockedWorkers blocked,
    CommitSteering steering) {}
