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
 * before others may take it for gone.
 */
@AutoConfiguration(
    after = {MigratorAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class})
@ConditionalOnBean({Migrator.class, ApplicationAvailability.class})
public final class MigratorAvailabilityAutoConfiguration {

  /**
   * Takes the availability only so that {@link ApplicationAvailabilityBean} is made first:
   * listeners hear an event in the order in which they are made, so the answer of the one here to
   * an event comes after that event, there, too.
   */
  @Bean
  @ConditionalOnMissingBean
  ReadinessFleetListener migratorReadinessFleetListener(
      ApplicationEventPublisher publisher, ApplicationAvailability availability) {
    return new ReadinessFleetListener(publisher);
  }
}
