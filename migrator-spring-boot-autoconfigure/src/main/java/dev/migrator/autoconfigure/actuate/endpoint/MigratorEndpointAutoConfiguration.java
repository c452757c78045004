package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the {@link MigratorEndpoint}. */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(MigratorEndpoint.class)
@ConditionalOnBean(Migrator.class)
public final class MigratorEndpointAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  MigratorEndpoint migratorEndpoint(Map<String, Migrator> migrators) {
    return new MigratorEndpoint(migrators);
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
  MigratorEndpointWebExtension migratorEndpointWebExtension(MigratorEndpoint migratorEndpoint) {
    return new MigratorEndpointWebExtension(migratorEndpoint);
  }
}
