package dev.migrator.sample;

import dev.migrator.Migrator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Takes an instance out of rotation that others may have taken for gone. */
@Component
class ServingHealthIndicator implements HealthIndicator {

  private final Migrator migrator;

  ServingHealthIndicator(Migrator migrator) {
    this.migrator = migrator;
  }

  @Override
  public Health health() {
    return migrator.mayServe() ? Health.up().build() : Health.outOfService().build();
  }
}
