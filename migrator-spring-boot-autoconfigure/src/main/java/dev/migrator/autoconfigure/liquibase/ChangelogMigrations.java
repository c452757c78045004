package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import dev.migrator.autoconfigure.MigrationSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * The migrations that the changelogs of Liquibase declare. A changelog is read once more for them,
 * since Liquibase shows only the change sets that it runs for the first time; but not if Liquibase,
 * which has just read it, met none.
 */
final class ChangelogMigrations
    implements BeanPostProcessor, MigrationSource, SmartInitializingSingleton {

  private static final Logger logger = LoggerFactory.getLogger(ChangelogMigrations.class);

  private final Map<SpringLiquibase, Reading> readings =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final ObjectProvider<SpringLiquibase> liquibases;

  private volatile boolean asked;

  ChangelogMigrations(ObjectProvider<SpringLiquibase> liquibases) {
    this.liquibases = liquibases;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof SpringLiquibase liquibase) {
      Reading reading = new Reading(liquibase.getCustomizer());
      readings.put(liquibase, reading);
      liquibase.setCustomizer(reading);
    }
    return bean;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof SpringLiquibase liquibase) {
      Reading reading = readings.get(liquibase);
      if (reading != null) {
        liquibase.setCustomizer(reading.customizer);
        reading.ended();
      }
    }
    return bean;
  }

  @Override
  public Map<String, Migration> migrations() {
    asked = true;
    Map<String, Migration> all = new LinkedHashMap<>();
    liquibases.orderedStream().forEach(it -> all.putAll(declaredIn(it)));
    return all;
  }

  private Map<String, Migration> declaredIn(SpringLiquibase liquibase) {
    Reading reading = readings.get(liquibase);
    return reading != null && reading.metNone() ? Map.of() : Changelog.migrations(liquibase);
  }

  /** Who makes a Migrator himself has to pass them on. */
  @Override
  public void afterSingletonsInstantiated() {
    if (!asked && readings.values().stream().anyMatch(Reading::metSome)) {
      logger.warn(
          "the changelog of Liquibase declares migrations, and no Migrator asks for them; pass those of the MigrationSource bean to Migrator.builder(…) by declareIn(…)");
    }
  }

  /** What Liquibase met while it read its changelog. */
  private static final class Reading implements Customizer<Liquibase> {

    private final @Nullable Customizer<Liquibase> customizer;

    private final long before = MigrationChange.read();

    private boolean ran;

    private long met;

    private Reading(@Nullable Customizer<Liquibase> customizer) {
      this.customizer = customizer;
    }

    /** Called when Liquibase is about to read it. */
    @Override
    public void customize(Liquibase liquibase) {
      ran = true;
      if (customizer != null) {
        customizer.customize(liquibase);
      }
    }

    private void ended() {
      met = MigrationChange.read() - before;
    }

    private boolean metNone() {
      return ran && met == 0;
    }

    private boolean metSome() {
      return met > 0;
    }
  }
}
