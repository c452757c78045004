package dev.migrator.autoconfigure.hibernate;

import java.util.Map;
import org.hibernate.cfg.JdbcSettings;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets Hibernate ask for a generated key by {@code returning id}. By default it asks the driver for
 * generated keys, which then adds {@code RETURNING *}: a prepared insert of that kind fails once
 * for each connection when a table has got or lost a column.
 *
 * <p>The last customizer, so that whatever the application sets stays.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
final class GeneratedKeysCustomizer implements HibernatePropertiesCustomizer {

  @Override
  public void customize(Map<String, Object> properties) {
    properties.putIfAbsent(JdbcSettings.USE_GET_GENERATED_KEYS, false);
  }
}
