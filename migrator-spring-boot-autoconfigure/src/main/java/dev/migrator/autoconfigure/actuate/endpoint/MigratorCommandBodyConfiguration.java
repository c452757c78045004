package dev.migrator.autoconfigure.actuate.endpoint;

import jakarta.servlet.Filter;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * Limits the bodies of commands, wherever the endpoint is: on the port of the application, or on
 * one of its own. A reactive application has such a limit for all bodies.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnClass(Filter.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class MigratorCommandBodyConfiguration {

  private static final String ID = "migrator";

  @Bean
  FilterRegistrationBean<CommandBodyLimit> migratorCommandBodyLimit(
      WebEndpointProperties properties) {
    String path = properties.getPathMapping().getOrDefault(ID, ID);
    FilterRegistrationBean<CommandBodyLimit> registration =
        new FilterRegistrationBean<>(new CommandBodyLimit(properties.getBasePath() + "/" + path));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
    return registration;
  }
}
