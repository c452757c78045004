package dev.migrator.autoconfigure.liquibase;

import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;

/** What Liquibase met while it read its changelog. */
final class Reading implements Customizer<Liquibase> {

  private final @Nullable Customizer<Liquibase> customizer;

  /**
   * Whether it reads its changelog before its bean is ready, or fails. A subclass may do it in
   * another thread, or go on after an error.
   */
  private final boolean isPlain;

  private final long before = MigrationChange.read();

  private volatile boolean ran;

  private volatile long met;

  Reading(SpringLiquibase liquibase) {
    this.customizer = liquibase.getCustomizer();
    Class<?> type = liquibase.getClass();
    this.isPlain =
        type == SpringLiquibase.class
            || type.getPackageName().startsWith("org.springframework.boot.liquibase.");
  }

  /** Called when Liquibase is about to read it. */
  @Override
  public void customize(Liquibase liquibase) {
    ran = true;
    if (customizer != null) {
      customizer.customize(liquibase);
    }
  }

  void ended(SpringLiquibase liquibase) {
    liquibase.setCustomizer(customizer);
    met = MigrationChange.read() - before;
  }

  boolean metNone() {
    return isPlain && ran && met == 0;
  }

  boolean metSome() {
    return met > 0;
  }
}
