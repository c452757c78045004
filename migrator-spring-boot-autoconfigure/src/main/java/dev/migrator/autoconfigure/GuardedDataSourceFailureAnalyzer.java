package dev.migrator.autoconfigure;

import dev.migrator.error.ErrorCode;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains why a {@code DataSource} is not available by the class of its pool: the guard wraps it.
 * Runs before Boot's own analyzer of missing beans.
 */
@Order(0)
class GuardedDataSourceFailureAnalyzer implements FailureAnalyzer {

  private final Environment environment;

  GuardedDataSourceFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    if (!environment.getProperty("migrator.fleet.guard-data-source", Boolean.class, false)) {
      return null;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Class<?> wanted = wanted(cause);
      if (wanted != null
          && wanted != DataSource.class
          && DataSource.class.isAssignableFrom(wanted)) {
        return analysis(wanted, cause);
      }
    }
    return null;
  }

  private static @Nullable Class<?> wanted(Throwable cause) {
    if (cause instanceof BeanNotOfRequiredTypeException other) {
      return (other.getActualType() == GuardedDataSource.class) ? other.getRequiredType() : null;
    }
    return (cause instanceof NoSuchBeanDefinitionException missing) ? missing.getBeanType() : null;
  }

  private static FailureAnalysis analysis(Class<?> wanted, Throwable cause) {
    return new FailureAnalysis(
        "%s: a bean of type %s is required, but migrator.fleet.guard-data-source is set, which wraps every DataSource bean of the application."
            .formatted(ErrorCode.DATA_SOURCE_WRAPPED, wanted.getName()),
        "Inject a javax.sql.DataSource, and unwrap the pool where it is needed: dataSource.unwrap(%s.class). Or do not set migrator.fleet.guard-data-source."
            .formatted(wanted.getSimpleName()),
        cause);
  }
}
