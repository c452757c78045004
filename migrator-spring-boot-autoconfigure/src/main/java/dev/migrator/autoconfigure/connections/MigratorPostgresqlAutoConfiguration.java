package dev.migrator.autoconfigure.connections;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the warning of settings of the driver by which statements can fail. */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass(PGConnection.class)
@ConditionalOnBean({Migrator.class, Migration.class})
@ConditionalOnSingleCandidate(DataSource.class)
public final class MigratorPostgresqlAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  PreparedStatementsCheck migratorPreparedStatementsCheck(
      DataSource dataSource, ObjectProvider<Migration> migrations) {
    return new PreparedStatementsCheck(dataSource, migrations);
  }

  @Bean
  static LazyInitializationExcludeFilter migratorPreparedStatementsCheckExcludeFilter() {
    return LazyInitializationExcludeFilter.forBeanTypes(PreparedStatementsCheck.class);
  }
}
