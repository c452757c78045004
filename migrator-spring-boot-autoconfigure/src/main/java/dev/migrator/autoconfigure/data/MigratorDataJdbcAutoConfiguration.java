package dev.migrator.autoconfigure.data;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MappedColumnsProvider;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;

/** Auto-configuration for the evidence of which columns the aggregates of Spring Data JDBC use. */
@AutoConfiguration(
    after = MigratorAutoConfiguration.class,
    afterName =
        "org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration")
@ConditionalOnClass(RelationalMappingContext.class)
@ConditionalOnBean({Migrator.class, RelationalMappingContext.class})
public final class MigratorDataJdbcAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(name = "dataJdbcMappedColumns")
  MappedColumnsProvider dataJdbcMappedColumns(ObjectProvider<RelationalMappingContext> contexts) {
    return () ->
        contexts.stream().flatMap(context -> AggregateColumns.of(context).stream()).toList();
  }
}
