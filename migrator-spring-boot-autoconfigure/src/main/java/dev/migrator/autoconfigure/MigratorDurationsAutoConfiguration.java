package dev.migrator.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.context.annotation.Bean;

/** Auto-configuration that refuses durations without a unit in {@code migrator.*}. */
@AutoConfiguration(before = MigratorAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "migrator.enabled", matchIfMissing = true)
public final class MigratorDurationsAutoConfiguration {

  @Bean
  static ConfigurationPropertiesBindHandlerAdvisor migratorDurations() {
    return DurationsWithUnit::new;
  }
}
