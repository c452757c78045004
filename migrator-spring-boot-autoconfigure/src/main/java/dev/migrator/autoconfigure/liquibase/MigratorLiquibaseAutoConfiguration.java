package dev.migrator.autoconfigure.liquibase;

import liquibase.integration.spring.SpringLiquibase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for a guard of {@link SpringLiquibase}: one instance at a time. Off unless
 * asked for, as it is of use only when every instance has it.
 */
@AutoConfiguration
@ConditionalOnClass({SpringLiquibase.class, DataSourceBuilder.class})
@ConditionalOnBooleanProperty("migrator.liquibase.guard")
@EnableConfigurationProperties(LiquibaseGuardProperties.class)
public final class MigratorLiquibaseAutoConfiguration {

  @Bean
  static LiquibaseGuard migratorLiquibaseGuard(
      ObjectProvider<LiquibaseGuardProperties> properties) {
    return new LiquibaseGuard(properties);
  }
}
