package dev.migrator.autoconfigure;

import dev.migrator.Migrator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Wraps each {@code DataSource} of the application, so that it gives no connection while this
 * instance must not serve.
 *
 * <p>The migrators are collected as they are created, and never looked up: they are created after
 * the {@code DataSource}, and what needs a connection before them, such as Liquibase, gets one.
 */
final class DataSourceGuard implements BeanPostProcessor, Ordered {

  private final List<Migrator> migrators = new CopyOnWriteArrayList<>();

  private final ListableBeanFactory beanFactory;

  DataSourceGuard(ListableBeanFactory beanFactory) {
    this.beanFactory = beanFactory;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof Migrator migrator) {
      migrators.add(migrator);
    }
    return (bean instanceof DataSource dataSource && isOfTheApplication(name))
        ? new GuardedDataSource(dataSource, this::mayServe)
        : bean;
  }

  private boolean isOfTheApplication(String name) {
    return !beanFactory.containsBean(name)
        || beanFactory.findAnnotationOnBean(name, MigratorDataSource.class) == null;
  }

  private boolean mayServe() {
    return migrators.stream().allMatch(Migrator::mayServe);
  }

  /** After Boot's own post-processors, which look at the class of the pool. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /**
   * For the migrations, which must get a connection at all times: an instance that cannot renew its
   * lease would never serve again.
   */
  static DataSource passing(DataSource dataSource) {
    if (dataSource instanceof GuardedDataSource guarded) {
      return passing(guarded.target());
    }
    if (dataSource instanceof LazyConnectionDataSourceProxy lazy) {
      // It would ask for the connection later on, outside of the pass.
      DataSource target = lazy.getTargetDataSource();
      return (target != null) ? passing(target) : dataSource;
    }
    return new GuardedDataSource.Pass(dataSource);
  }
}
