package dev.migrator.autoconfigure.hibernate;

import dev.migrator.Migration;
import jakarta.persistence.EntityManagerFactory;
import javax.sql.DataSource;
import org.hibernate.jpa.boot.spi.IntegratorProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for what is said when an entity maps a column that is missing: which migration
 * would add it.
 */
@AutoConfiguration
@ConditionalOnClass({
  EntityManagerFactory.class,
  IntegratorProvider.class,
  HibernatePropertiesCustomizer.class
})
@ConditionalOnBooleanProperty(name = "migrator.enabled", matchIfMissing = true)
public final class MigratorMappingCheckAutoConfiguration {

  @Bean
  MappingCheckCustomizer migratorMappingCheckCustomizer(
      ObjectProvider<DataSource> dataSource, ObjectProvider<Migration> migrations) {
    return new MappingCheckCustomizer(dataSource, migrations);
  }
}
