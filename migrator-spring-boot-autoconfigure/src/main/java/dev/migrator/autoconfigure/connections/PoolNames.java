package dev.migrator.autoconfigure.connections;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.autoconfigure.SessionNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;

/**
 * Gives the sessions of Hikari's pools a name that no other instance has, unless they have one: by
 * it they are told from those of a release that has not registered, also on the same host.
 */
final class PoolNames implements SessionNames, BeanPostProcessor, Ordered {

  /** The server cuts what is longer than 63 bytes. */
  private static final int LONGEST = 50;

  private static final String PROPERTY = "ApplicationName";

  private static final String BY_DRIVER = "PostgreSQL JDBC Driver";

  private static final Pattern IN_URL =
      Pattern.compile("[?&]ApplicationName=([^&]*)", Pattern.CASE_INSENSITIVE);

  private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

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
    if (bean instanceof HikariDataSource pool && isOfPostgres(pool)) {
      if (!pool.isRunning() && given(pool) == null) {
        pool.addDataSourceProperty(PROPERTY, name);
      }
      pools.add(pool);
    }
    return bean;
  }

  @Override
  public Collection<String> all() {
    return pools.stream()
        .map(PoolNames::given)
        .map(it -> it == null ? BY_DRIVER : it)
        .distinct()
        .toList();
  }

  private static boolean isOfPostgres(HikariDataSource pool) {
    return pool.getJdbcUrl() != null && pool.getJdbcUrl().contains(":postgresql:");
  }

  /** What the properties or the URL of the pool say; properties come first, as for the driver. */
  private static @Nullable String given(HikariDataSource pool) {
    for (String property : pool.getDataSourceProperties().stringPropertyNames()) {
      if (PROPERTY.equalsIgnoreCase(property)) {
        return pool.getDataSourceProperties().getProperty(property);
      }
    }
    Matcher matcher = IN_URL.matcher(String.valueOf(pool.getJdbcUrl()));
    return matcher.find() ? URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8) : null;
  }

  /** After the properties of the pool were bound. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
