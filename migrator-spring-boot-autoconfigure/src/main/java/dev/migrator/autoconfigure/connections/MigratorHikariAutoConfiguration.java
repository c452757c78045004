package dev.migrator.autoconfigure.connections;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/** Auto-configuration for Hikari's pools: their names, and their renewal when columns change. */
@AutoConfiguration(
    after = {MigratorAutoConfiguration.class, MigratorPostgresqlAutoConfiguration.class})
@ConditionalOnClass(HikariDataSource.class)
@ConditionalOnBean({Migrator.class, DataSource.class})
public final class MigratorHikariAutoConfiguration {

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static PoolNames migratorPoolNames(Environment environment) {
    return new PoolNames(environment.getProperty("spring.application.name", "application"));
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  @ConditionalOnBean(ProtectedPools.class)
  static HikariConnections migratorHikariConnections(ProtectedPools protection) {
    return new HikariConnections(protection);
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBooleanProperty(name = "migrator.fleet.renew-connections", matchIfMissing = true)
  HikariRenewal migratorHikariRenewal(ObjectProvider<DataSource> dataSources) {
    return new HikariRenewal(dataSources);
  }
}
