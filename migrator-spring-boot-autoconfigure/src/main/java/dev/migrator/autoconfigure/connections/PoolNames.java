package dev.migrator.autoconfigure.connections;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;

/**
 * Gives the sessions of Hikari's pools a name that no other instance has, unless they have one: by
 * it they are told from those of a release that has not registered, also on the same host.
 */
final class PoolNames implements BeanPostProcessor, Ordered {

  /** The server cuts what is longer than 63 bytes. */
  private static final int LONGEST = 50;

  private static final String PROPERTY = "ApplicationName";

  private final String name;

  PoolNames(String application) {
    String plain = application.replaceAll("[^A-Za-z0-9._-]", "_");
    this.name =
        plain.substring(0, Math.min(LONGEST, plain.length()))
            + "-"
            + UUID.randomUUID().toString().substring(0, 8);
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String beanName) {
    if (bean instanceof HikariDataSource pool && !pool.isRunning() && isNameless(pool)) {
      pool.addDataSourceProperty(PROPERTY, name);
    }
    return bean;
  }

  private static boolean isNameless(HikariDataSource pool) {
    @Nullable String url = pool.getJdbcUrl();
    return url != null
        && url.startsWith("jdbc:postgresql:")
        && !url.toLowerCase(Locale.ROOT).contains(PROPERTY.toLowerCase(Locale.ROOT) + "=")
        && pool.getDataSourceProperties().keySet().stream()
            .noneMatch(it -> PROPERTY.equalsIgnoreCase(String.valueOf(it)));
  }

  /** After the properties of the pool were bound. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
