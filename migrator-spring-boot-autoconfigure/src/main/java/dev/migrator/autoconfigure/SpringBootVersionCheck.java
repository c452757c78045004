package dev.migrator.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Says on an older Spring Boot what is wrong, in place of a class that is not found. Uses nothing
 * that Spring Boot 3 does not have.
 */
public final class SpringBootVersionCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

  private static final int OLDEST = 4;

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (context.getEnvironment().getProperty("migrator.enabled", Boolean.class, true)) {
      check(SpringBootVersion.getVersion());
    }
  }

  /** Before others meet a class that is missing. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  static void check(@Nullable String version) {
    if (version != null && major(version) < OLDEST) {
      throw new UnsupportedSpringBootException(version);
    }
  }

  private static int major(String version) {
    try {
      return Integer.parseInt(version.split("\\.", 2)[0]);
    } catch (NumberFormatException ex) {
      return OLDEST;
    }
  }
}
