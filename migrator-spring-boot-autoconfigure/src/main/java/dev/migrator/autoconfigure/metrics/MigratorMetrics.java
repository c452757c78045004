package dev.migrator.autoconfigure.metrics;

import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.MigrationStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * Gauges for the migrations that this release declares:
 *
 * <ul>
 *   <li>{@code migrator.migrations}, tag {@code state}: how many migrations are in that state,
 *       including those of other releases
 *   <li>{@code migrator.phase}, tag {@code migration}: the number of phases reached, 0 to 5
 *   <li>{@code migrator.backfill.rows}, tag {@code migration}: rows copied
 *   <li>{@code migrator.backfill.rate}, tag {@code migration}: rows per second, of all workers
 *   <li>{@code migrator.backfill.workers}, tag {@code migration}: its workers, of all instances
 *   <li>{@code migrator.backfill.progress}, tag {@code migration}: the share of the table that is
 *       copied, 0 to 1
 *   <li>{@code migrator.backfill.verified}, tag {@code migration}: the share of the table that is
 *       verified, 0 to 1
 * </ul>
 *
 * <p>Unknown values are NaN. The values are up to five seconds old.
 */
class MigratorMetrics implements MeterBinder {

  private final StatusCache status;

  private final List<String> ids;

  MigratorMetrics(Collection<Migrator> migrators, Collection<String> ids) {
    this.status = new StatusCache(migrators);
    this.ids = List.copyOf(ids);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (MigrationStatus.State state : MigrationStatus.State.values()) {
      Gauge.builder("migrator.migrations", status, cache -> count(cache, state))
          .tag("state", state.name())
          .description("Migrations that are in this state")
          .register(registry);
    }
    Gauge.builder("migrator.fleet.instances", status, MigratorMetrics::liveInstances)
        .description("Live instances of all applications that use the database")
        .register(registry);
    for (String id : ids) {
      gauge("migrator.phase", id, MigratorMetrics::phase)
          .description("Number of phases that the migration has reached")
          .register(registry);
      gauge("migrator.backfill.rows", id, backfill(BackfillStatus::rowsDone))
          .description("Rows that the backfill has copied")
          .baseUnit("rows")
          .register(registry);
      gauge("migrator.backfill.rate", id, backfill(BackfillStatus::rowsPerSecond))
          .description("Rows that the backfill copies or verifies in a second")
          .register(registry);
      gauge("migrator.backfill.progress", id, backfill(backfill -> backfill.percent() / 100))
          .description("Share of the table that the backfill has copied")
          .register(registry);
      gauge(
              "migrator.backfill.verified",
              id,
              backfill(backfill -> backfill.percentVerified() / 100))
          .description("Share of the table that the verification has compared")
          .register(registry);
      gauge("migrator.backfill.workers", id, backfill(backfill -> backfill.workers().size()))
          .description("Workers at present, of all instances")
          .register(registry);
    }
  }

  private Gauge.Builder<StatusCache> gauge(
      String name, String id, ToDoubleFunction<MigrationStatus> value) {
    return Gauge.builder(
            name, status, cache -> cache.migration(id).map(value::applyAsDouble).orElse(Double.NaN))
        .tag("migration", id);
  }

  private static double count(StatusCache cache, MigrationStatus.State state) {
    return cache.migrations().stream().filter(migration -> migration.state() == state).count();
  }

  private static double liveInstances(StatusCache cache) {
    OptionalLong instances = cache.liveInstances();
    return instances.isPresent() ? instances.getAsLong() : Double.NaN;
  }

  private static double phase(MigrationStatus migration) {
    Phase phase = migration.phase();
    return (phase != null) ? phase.ordinal() + 1 : 0;
  }

  private static ToDoubleFunction<MigrationStatus> backfill(
      ToDoubleFunction<BackfillStatus> value) {
    return migration -> {
      BackfillStatus backfill = migration.backfill();
      return (backfill != null) ? value.applyAsDouble(backfill) : Double.NaN;
    };
  }
}
