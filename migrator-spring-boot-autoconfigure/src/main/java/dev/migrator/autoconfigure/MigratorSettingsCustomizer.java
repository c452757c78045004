package dev.migrator.autoconfigure;

import dev.migrator.settings.MigratorSettings;

/**
 * Changes the settings after the properties {@code migrator.*} have been applied. Beans of this
 * type are called in the order of {@code @Order}:
 *
 * <pre>{@code
 * @Bean
 * MigratorSettingsCustomizer shortLocks() {
 *   return settings -> settings.lock(it -> it.budget(Duration.ofMillis(50)));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface MigratorSettingsCustomizer {

  /**
   * Changes the settings.
   *
   * @param settings holds the settings so far
   */
  void customize(MigratorSettings.Builder settings);
}
