package dev.migrator.autoconfigure.hibernate;

import dev.migrator.Migration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.jpa.boot.spi.IntegratorProvider;
import org.hibernate.jpa.boot.spi.JpaSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Adds the check of the mappings where Hibernate is to validate the schema. The last customizer, so
 * that whatever the application sets stays.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
final class MappingCheckCustomizer implements HibernatePropertiesCustomizer {

  private static final String VALIDATE = "validate";

  private final ObjectProvider<DataSource> dataSource;

  private final ObjectProvider<Migration> migrations;

  MappingCheckCustomizer(
      ObjectProvider<DataSource> dataSource, ObjectProvider<Migration> migrations) {
    this.dataSource = dataSource;
    this.migrations = migrations;
  }

  @Override
  public void customize(Map<String, Object> properties) {
    if (VALIDATE.equals(properties.get(SchemaToolingSettings.HBM2DDL_AUTO))) {
      dataSource.ifUnique(it -> add(properties));
    }
  }

  private void add(Map<String, Object> properties) {
    IntegratorProvider provider = () -> List.of(new MappingCheck(migrations.stream().toList()));
    properties.putIfAbsent(JpaSettings.INTEGRATOR_PROVIDER, provider);
  }
}
