package dev.migrator.autoconfigure.health;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the health of the migrations. */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Migrator.class)
@ConditionalOnEnabledHealthIndicator("migrator")
public final class MigratorHealthContributorAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(name = {"migratorHealthIndicator", "migratorHealthContributor"})
  MigratorHealthIndicator migratorHealthContributor(Map<String, Migrator> migrators) {
    return new MigratorHealthIndicator(migrators.values());
  }
}
