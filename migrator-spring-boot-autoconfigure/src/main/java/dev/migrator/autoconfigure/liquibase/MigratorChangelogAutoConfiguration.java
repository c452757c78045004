package dev.migrator.autoconfigure.liquibase;

import liquibase.integration.spring.SpringLiquibase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the migrations that a changelog of Liquibase declares. */
@AutoConfiguration
@ConditionalOnClass(SpringLiquibase.class)
public final class MigratorChangelogAutoConfiguration {

  @Bean
  static ChangelogMigrations migratorChangelogMigrations(
      ObjectProvider<SpringLiquibase> liquibases, ApplicationContext application) {
    return new ChangelogMigrations(liquibases, application);
  }
}
