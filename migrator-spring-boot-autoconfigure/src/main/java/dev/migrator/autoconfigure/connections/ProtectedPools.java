package dev.migrator.autoconfigure.connections;

import dev.migrator.FleetListener;
import dev.migrator.StatementProtection;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Has the driver save the transaction before each statement while a table gets other columns, so
 * that it can prepare a statement anew whose result has another shape. It costs a part of the
 * throughput, and so is set for as long as the change takes.
 *
 * <p>Every connection that a pool hands out is remembered, so that those in use are protected as
 * well as those to come.
 *
 * <p>At the end only those go back to the driver's default that were handed out for the first time
 * after the columns had changed. Others may still have a statement that was prepared before; they
 * stay protected until their pool has renewed them.
 */
final class ProtectedPools
    implements StatementProtection, FleetListener, BeanPostProcessor, Ordered {

  /**
   * Those known whose setting is the driver's default, with the change after which they were met.
   */
  private final Map<PGConnection, Integer> known = new WeakHashMap<>();

  private int changes;

  private boolean active;

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof DelegatingDataSource || bean instanceof AbstractRoutingDataSource) {
      return bean; // The pool behind it is a bean of its own.
    }
    return (bean instanceof DataSource pool) ? watched(pool) : bean;
  }

  /** Of the class of the pool, if that can be, as beans may be injected by it. */
  private Object watched(DataSource pool) {
    ProxyFactory factory = new ProxyFactory(pool);
    factory.setProxyTargetClass(!Modifier.isFinal(pool.getClass().getModifiers()));
    factory.addAdvice(
        (MethodInterceptor)
            call -> {
              Object result = call.proceed();
              if (result instanceof Connection connection
                  && call.getMethod().getName().equals("getConnection")) {
                handedOut(connection);
              }
              return result;
            });
    return factory.getProxy(pool.getClass().getClassLoader());
  }

  private void handedOut(Connection connection) throws SQLException {
    if (!connection.isWrapperFor(PGConnection.class)) {
      return;
    }
    PGConnection postgres = connection.unwrap(PGConnection.class);
    synchronized (known) {
      if (!known.containsKey(postgres) && postgres.getAutosave() == AutoSave.NEVER) {
        known.put(postgres, changes);
      }
      if (active && known.containsKey(postgres)) {
        postgres.setAutosave(AutoSave.CONSERVATIVE);
      }
    }
  }

  @Override
  public void begin() {
    synchronized (known) {
      active = true;
      known.keySet().forEach(it -> it.setAutosave(AutoSave.CONSERVATIVE));
    }
  }

  @Override
  public void end() {
    synchronized (known) {
      active = false;
      known.forEach(
          (connection, met) -> {
            if (met == changes) {
              connection.setAutosave(AutoSave.NEVER);
            }
          });
    }
  }

  @Override
  public void shapesChanged() {
    synchronized (known) {
      changes++;
    }
  }

  @Override
  public void paused(String reason) {}

  @Override
  public void resumed() {}

  @Override
  public void refused(String reason) {}

  /** Before the guard of the DataSource, which is around it. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }
}
