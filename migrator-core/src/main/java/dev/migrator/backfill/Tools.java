package dev.migrator.backfill;

import dev.migrator.MigratorSettings;
import dev.migrator.PoolPressure;
import dev.migrator.postgres.Database;

/**
 * What a worker works with.
 *
 * @param database where
 * @param settings how
 * @param pool the application's pool
 * @param interruption asked between ranges
 * @param contended called when somebody was in the way of a range
 */
record Tools(
    Database database,
    MigratorSettings settings,
    PoolPressure pool,
    Interruption interruption,
    Runnable contended) {}
