package dev.migrator.autoconfigure;

import dev.migrator.Migrator;
import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationStartupAware;
import org.springframework.core.Ordered;
import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * Runs what must be there before this release serves, while the context starts: after the other
 * database initializers, and before every bean that uses the database. Appears as the startup step
 * {@code migrator.prepare}.
 *
 * <p>A bean that uses the database in a way of its own waits for it with
 * {@code @DependsOnDatabaseInitialization}.
 */
public class MigratorInitializer implements InitializingBean, ApplicationStartupAware, Ordered {

  private final List<Migrator> migrators;

  private ApplicationStartup applicationStartup = ApplicationStartup.DEFAULT;

  private int order;

  /**
   * Creates the initializer.
   *
   * @param migrators the migrators to prepare, in this order
   */
  public MigratorInitializer(List<Migrator> migrators) {
    this.migrators = List.copyOf(migrators);
  }

  @Override
  public void setApplicationStartup(ApplicationStartup applicationStartup) {
    this.applicationStartup = applicationStartup;
  }

  @Override
  public void afterPropertiesSet() {
    for (Migrator migrator : migrators) {
      StartupStep step = applicationStartup.start("migrator.prepare");
      try (StopAtShutdown stop = StopAtShutdown.of(migrator)) {
        migrator.prepare();
      } catch (CannotGetJdbcConnectionException ex) {
        throw new UnreachableDatabaseException(ex);
      } finally {
        step.end();
      }
    }
  }

  @Override
  public int getOrder() {
    return order;
  }

  public void setOrder(int order) {
    this.order = order;
  }
}
