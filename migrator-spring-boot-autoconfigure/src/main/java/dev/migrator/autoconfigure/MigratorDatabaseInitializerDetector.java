package dev.migrator.autoconfigure;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/** Puts the migrations after Liquibase (0) and Flyway (0 and 1), whose tables they change. */
class MigratorDatabaseInitializerDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

  @Override
  protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
    return Set.of(MigratorInitializer.class);
  }

  @Override
  public int getOrder() {
    return 10;
  }
}
