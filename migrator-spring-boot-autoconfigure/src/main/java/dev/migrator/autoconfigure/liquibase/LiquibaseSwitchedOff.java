package dev.migrator.autoconfigure.liquibase;

import liquibase.integration.spring.SpringLiquibase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Warns if Liquibase is switched off in a way that leaves its changelog unread: a job may run it,
 * and the instances that serve then declare nothing of what it declares.
 */
final class LiquibaseSwitchedOff {

  private static final Logger logger = LoggerFactory.getLogger(LiquibaseSwitchedOff.class);

  private static final String CHANGELOG = "classpath:/db/changelog/db.changelog-master.yaml";

  private LiquibaseSwitchedOff() {}

  static void warnIfItDeclares(Environment environment, ResourceLoader loader) {
    if (environment.getProperty("spring.liquibase.enabled", Boolean.class, true)) {
      return;
    }
    String changelog = environment.getProperty("spring.liquibase.change-log", CHANGELOG);
    try {
      if (loader.getResource(changelog).exists()
          && !Changelog.migrations(liquibase(changelog, environment, loader)).isEmpty()) {
        logger.warn(
            "spring.liquibase.enabled is false, and the changelog \"{}\" declares migrations: this release counts as one that knows none of them; use the system property liquibase.shouldRun=false instead",
            changelog);
      }
    } catch (RuntimeException ex) {
      logger.debug("the changelog of a Liquibase that is switched off cannot be read", ex);
    }
  }

  private static SpringLiquibase liquibase(
      String changelog, Environment environment, ResourceLoader loader) {
    SpringLiquibase liquibase = new SpringLiquibase();
    liquibase.setResourceLoader(loader);
    liquibase.setChangeLog(changelog);
    liquibase.setContexts(environment.getProperty("spring.liquibase.contexts"));
    liquibase.setLabelFilter(environment.getProperty("spring.liquibase.label-filter"));
    Binder.get(environment)
        .bind("spring.liquibase.parameters", Bindable.mapOf(String.class, String.class))
        .ifBound(liquibase::setChangeLogParameters);
    return liquibase;
  }
}
