package dev.migrator.autoconfigure.metrics;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the meters of the migrations. */
@AutoConfiguration(
    after = MigratorAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({Migrator.class, MeterRegistry.class})
public final class MigratorMetricsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  MigratorMetrics migratorMetrics(
      ObjectProvider<Migrator> migrators, ObjectProvider<Migration> migrations) {
    return new MigratorMetrics(
        migrators.orderedStream().toList(), migrations.orderedStream().map(Migration::id).toList());
  }
}
