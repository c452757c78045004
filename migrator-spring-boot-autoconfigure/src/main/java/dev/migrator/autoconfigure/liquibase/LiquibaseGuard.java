package dev.migrator.autoconfigure.liquibase;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Lets one instance at a time run Liquibase. Its own lock is a row, which is made without a lock,
 * so that of several first starts one can die; and which outlives its owner, so that after a kill
 * nobody can start. The lock here is one of the server's, which ends with the session: who has it
 * knows that no other instance with the guard runs Liquibase, whatever the row says.
 */
final class LiquibaseGuard implements BeanPostProcessor, DisposableBean {

  private static final Logger logger = LoggerFactory.getLogger(LiquibaseGuard.class);

  private final Map<String, LiquibaseLock> held = new ConcurrentHashMap<>();

  private final ObjectProvider<LiquibaseGuardProperties> properties;

  LiquibaseGuard(ObjectProvider<LiquibaseGuardProperties> properties) {
    this.properties = properties;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof SpringLiquibase liquibase && liquibase.getDataSource() != null) {
      LiquibaseGuardProperties settings = properties.getObject();
      DataSource dataSource = outsideOfThePool(liquibase.getDataSource());
      try {
        LiquibaseLock lock = LiquibaseLock.take(dataSource, settings.getLimit());
        if (lock != null) {
          held.put(name, lock);
          StaleLock.release(dataSource, liquibase, settings.getStaleLock());
        }
      } catch (SQLException ex) {
        letGo(name);
        throw new NotReadyException(
            ErrorCode.DATABASE_UNREACHABLE,
            "the guard of Liquibase cannot use the database: " + ex.getMessage(),
            ex);
      } catch (RuntimeException ex) {
        letGo(name);
        throw ex;
      }
    }
    return bean;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    letGo(name);
    return bean;
  }

  /** Liquibase may have failed in between. */
  @Override
  public void destroy() {
    held.keySet().forEach(this::letGo);
  }

  private void letGo(String name) {
    @Nullable LiquibaseLock lock = held.remove(name);
    if (lock != null) {
      lock.close();
    }
  }

  /** A pool may have one connection only, which Liquibase needs. */
  private static DataSource outsideOfThePool(DataSource dataSource) {
    try {
      return DataSourceBuilder.derivedFrom(dataSource).type(SimpleDriverDataSource.class).build();
    } catch (RuntimeException ex) {
      logger.debug("the guard of Liquibase uses connections of the pool", ex);
      return dataSource;
    }
  }
}
