package dev.migrator.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Takes the web server away from an application that is only to plan or to migrate; and for a plan,
 * which changes nothing, the other tools that change the database at a start.
 */
public final class MigratorJobEnvironment implements EnvironmentPostProcessor, Ordered {

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    MigratorMode mode = MigratorMode.of(environment);
    if (mode == MigratorMode.RUN) {
      return;
    }
    Map<String, Object> properties = new HashMap<>();
    properties.put("spring.main.web-application-type", "none");
    if (mode == MigratorMode.PLAN) {
      properties.put("spring.liquibase.enabled", "false");
      properties.put("spring.flyway.enabled", "false");
      properties.put("spring.sql.init.mode", "never");
    }
    environment.getPropertySources().addFirst(new MapPropertySource("migratorJob", properties));
  }

  /** When the application's own configuration is there. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
