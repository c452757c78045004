package dev.migrator.internal.engine;

import dev.migrator.FleetListener;
import dev.migrator.PoolPressure;
import dev.migrator.StatementProtection;
import dev.migrator.internal.Timings;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.journal.Layout;
import dev.migrator.settings.MigratorSettings;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a migrator is made of.
 *
 * @param dataSource connects to the database
 * @param declarations what this release declares
 * @param settings how it works
 * @param pool the application's pool
 * @param self this instance
 * @param listener told when it must not serve any longer
 * @param statements has the application's statements protected; {@code null} if nobody does
 * @param sessionNames by which the sessions of this instance are known
 * @param approvedPlan the only plan that may run; {@code null} if any may
 * @param checksums of the SQL files as Flyway computes them, by id
 * @param timings how long it waits
 * @param layout of the journal
 */
public record Setup(
    DataSource dataSource,
    Declarations declarations,
    MigratorSettings settings,
    PoolPressure pool,
    InstanceInfo self,
    FleetListener listener,
    @Nullable StatementProtection statements,
    Supplier<Collection<String>> sessionNames,
    @Nullable String approvedPlan,
    Map<String, Integer> checksums,
    Timings timings,
    Layout layout) {}
