package dev.migrator.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.autoconfigure.Statuses;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MigratorMetricsAutoConfigurationTests {

  private final FakeMigrator migrator =
      new FakeMigrator().with(Statuses.backfilling(), Statuses.foreign());

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  MigratorMetricsAutoConfiguration.class))
          .withBean(Migrator.class, () -> migrator)
          .withBean("fullName", Migration.class, () -> migration("full-name"))
          .withBean("notBegun", Migration.class, () -> migration("not-begun"));

  private final ApplicationContextRunner withRegistry =
      contextRunner.withBean(SimpleMeterRegistry.class);

  @Test
  void measuresEachDeclaredMigration() {
    withRegistry.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          assertThat(gauge(registry, "migrator.phase", "full-name")).isEqualTo(2);
          assertThat(gauge(registry, "migrator.backfill.rows", "full-name")).isEqualTo(812_000);
          assertThat(gauge(registry, "migrator.backfill.rate", "full-name")).isEqualTo(5400.4);
          assertThat(gauge(registry, "migrator.backfill.progress", "full-name"))
              .isEqualTo(0.270667);
          assertThat(gauge(registry, "migrator.backfill.verified", "full-name")).isEqualTo(0.1234);
          assertThat(gauge(registry, "migrator.backfill.workers", "full-name")).isEqualTo(1);
          assertThat(gauge(registry, "migrator.phase", "not-begun")).isNaN();
          assertThat(gauge(registry, "migrator.backfill.rows", "not-begun")).isNaN();
          assertThat(registry.get("migrator.fleet.instances").gauge().value()).isEqualTo(1);
          assertThat(registry.get("migrator.migrations").tag("state", "RUNNING").gauge().value())
              .isEqualTo(1);
          assertThat(registry.get("migrator.migrations").tag("state", "FAILED").gauge().value())
              .isEqualTo(0);
        });
  }

  @Test
  void aScrapeCostsOneLookAtMost() {
    withRegistry.run(
        context -> {
          assertThat(migrator.calls).as("none at the start").doesNotContain("status");
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          for (int i = 0; i < 3; i++) {
            registry.forEachMeter(meter -> meter.measure().forEach(it -> it.getValue()));
          }
          assertThat(migrator.calls).containsOnlyOnce("status");
        });
  }

  @Test
  void whatCannotBeReadIsUnknown() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    FakeMigrator failing = new FakeMigrator().failing(new IllegalStateException("no connection"));
    new MigratorMetrics(List.of(failing), List.of("full-name")).bindTo(registry);
    assertThat(gauge(registry, "migrator.phase", "full-name")).isNaN();
    assertThat(gauge(registry, "migrator.backfill.progress", "full-name")).isNaN();
    assertThat(registry.get("migrator.fleet.instances").gauge().value()).isNaN();
    assertThat(failing.calls).containsOnlyOnce("status");
  }

  @Test
  void backsOffWithoutRegistryOrMicrometer() {
    contextRunner.run(
        context -> assertThat(context).hasNotFailed().doesNotHaveBean(MigratorMetrics.class));
    contextRunner
        .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("migratorMetrics"));
  }

  private static double gauge(MeterRegistry registry, String name, String id) {
    return registry.get(name).tag("migration", id).gauge().value();
  }

  private static Migration migration(String id) {
    return Migration.define(id).table("users").renameColumn("name", "full_name");
  }
}
