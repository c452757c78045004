package dev.migrator.internal.backfill;

import dev.migrator.PoolPressure;
import dev.migrator.internal.Timings;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.MigratorSettings;

/**
 * What a worker works with.
 *
 * @param database where
 * @param settings how
 * @param timings how often and how long
 * @param pool the application's pool
 * @param interruption asked between ranges
 * @param contended called when somebody was in the way of a range
 */
record WorkerContext(
    Database database,
    MigratorSettings settings,
    Timings timings,
    PoolPressure pool,
    Interruption interruption,
    Runnable contended) {}
