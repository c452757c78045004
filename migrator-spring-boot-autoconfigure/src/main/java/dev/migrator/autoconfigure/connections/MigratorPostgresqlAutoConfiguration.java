package dev.migrator.autoconfigure.connections;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** Auto-configuration for what keeps prepared statements from failing while columns change. */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass(PGConnection.class)
@ConditionalOnBean({Migrator.class, DataSource.class})
@ConditionalOnBooleanProperty(name = "migrator.fleet.protect-statements", matchIfMissing = true)
public final class MigratorPostgresqlAutoConfiguration {

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ProtectedPools migratorProtectedPools() {
    return new ProtectedPools();
  }
}
