package dev.migrator.autoconfigure;

import dev.migrator.settings.Adopt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Says that Flyway, whose files were taken over, still runs them before they can be looked at. */
final class AdoptedFlyway {

  private static final Logger logger = LoggerFactory.getLogger(AdoptedFlyway.class);

  private static final String FLYWAY = "org.flywaydb.core.Flyway";

  private AdoptedFlyway() {}

  static void warnIfItRuns(Adopt adopt, ListableBeanFactory beanFactory) {
    ClassLoader classLoader = AdoptedFlyway.class.getClassLoader();
    if (adopt == Adopt.FLYWAY
        && ClassUtils.isPresent(FLYWAY, classLoader)
        && beanFactory.getBeanNamesForType(
                    ClassUtils.resolveClassName(FLYWAY, classLoader), true, false)
                .length
            > 0) {
      logger.warn(
          "migrator.adopt=flyway, and Flyway is still on: it runs new files of its own before migrator can look what they take away; switch it off by spring.flyway.enabled=false");
    }
  }
}
