package dev.migrator.autoconfigure.hibernate;

import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.cfg.JdbcSettings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for inserts of Hibernate that go on when the shape of a table changes. Also
 * for a release that declares nothing: it serves while the next one changes the tables.
 */
@AutoConfiguration(before = MigratorAutoConfiguration.class)
@ConditionalOnClass({
  EntityManagerFactory.class,
  JdbcSettings.class,
  HibernatePropertiesCustomizer.class
})
@ConditionalOnBooleanProperty(name = "migrator.enabled", matchIfMissing = true)
public final class MigratorGeneratedKeysAutoConfiguration {

  @Bean
  GeneratedKeysCustomizer migratorGeneratedKeysCustomizer() {
    return new GeneratedKeysCustomizer();
  }
}
