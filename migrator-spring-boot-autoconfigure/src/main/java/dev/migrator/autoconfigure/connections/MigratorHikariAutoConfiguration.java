package dev.migrator.autoconfigure.connections;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the renewal of Hikari's connections when a table has another shape. */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass(HikariDataSource.class)
@ConditionalOnBean({Migrator.class, DataSource.class})
@ConditionalOnBooleanProperty(name = "migrator.fleet.renew-connections", matchIfMissing = true)
public final class MigratorHikariAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  HikariRenewal migratorHikariRenewal(ObjectProvider<DataSource> dataSources) {
    return new HikariRenewal(dataSources);
  }
}
