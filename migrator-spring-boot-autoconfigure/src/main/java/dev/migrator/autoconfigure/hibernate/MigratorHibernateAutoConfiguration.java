package dev.migrator.autoconfigure.hibernate;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MappedColumnsProvider;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for the evidence of which columns the entities of Hibernate use. */
@AutoConfiguration(
    after = MigratorAutoConfiguration.class,
    afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnClass({EntityManagerFactory.class, SessionFactoryImplementor.class})
@ConditionalOnBean({Migrator.class, EntityManagerFactory.class})
public final class MigratorHibernateAutoConfiguration {

  /** Asks for the factories only when it is asked itself, as they wait for the migrations. */
  @Bean
  @ConditionalOnMissingBean(name = "hibernateMappedColumns")
  MappedColumnsProvider hibernateMappedColumns(ObjectProvider<EntityManagerFactory> factories) {
    return () ->
        factories.stream().flatMap(factory -> HibernateColumns.of(factory).stream()).toList();
  }
}
