package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.PropertiesEndpointAccessResolver;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Auto-configuration for the {@link MigratorEndpoint}. */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(MigratorEndpoint.class)
@ConditionalOnBean(Migrator.class)
public final class MigratorEndpointAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  MigratorEndpoint migratorEndpoint(Map<String, Migrator> migrators, Environment environment) {
    // A contract drops columns, so that commands have to be asked for. The resolver of the
    // application remembers what it was asked first, so another one answers this.
    EndpointAccessResolver resolver = new PropertiesEndpointAccessResolver(environment);
    return new MigratorEndpoint(
        migrators, resolver.accessFor(EndpointId.of("migrator"), Access.READ_ONLY));
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
  MigratorEndpointWebExtension migratorEndpointWebExtension(MigratorEndpoint migratorEndpoint) {
    return new MigratorEndpointWebExtension(migratorEndpoint);
  }
}
