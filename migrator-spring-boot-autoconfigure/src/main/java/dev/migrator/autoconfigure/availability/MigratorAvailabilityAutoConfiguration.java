package dev.migrator.autoconfigure.availability;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the readiness: an instance that could not renew its lease refuses traffic
 * before others may presume it dead.
 */
@AutoConfiguration(
    after = {MigratorAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class})
@ConditionalOnBean({Migrator.class, ApplicationAvailability.class})
public final class MigratorAvailabilityAutoConfiguration {

  /**
   * Injects the availability only so that {@link ApplicationAvailabilityBean} is created first:
   * listeners receive an event in the order of their creation, so it receives what this listener
   * publishes about an event after that event.
   */
  @Bean
  @ConditionalOnMissingBean
  ReadinessFleetListener migratorReadinessFleetListener(
      ApplicationEventPublisher publisher, ApplicationAvailability availability) {
    return new ReadinessFleetListener(publisher);
  }
}
