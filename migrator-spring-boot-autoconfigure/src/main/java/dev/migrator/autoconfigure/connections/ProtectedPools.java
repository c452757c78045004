package dev.migrator.autoconfigure.connections;

import dev.migrator.StatementProtection;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
 * <p>Every connection that a pool opens is remembered, so that those in use are protected as well
 * as those to come.
 *
 * <p>At the end only those go back to the driver's default that were opened after the columns had
 * changed. Others may still have a statement that was prepared before; they stay protected until
 * their pool has renewed them.
 */
final class ProtectedPools implements StatementProtection, BeanPostProcessor, Ordered {

  private static final Logger logger = LoggerFactory.getLogger(ProtectedPools.class);

  /**
   * Those known whose setting is the driver's default, with the change after which they were met.
   */
  private final Map<PGConnection, Integer> known = new WeakHashMap<>();

  private final Set<Object> hooked =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  private int changes;

  private boolean active;

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof DelegatingDataSource || bean instanceof AbstractRoutingDataSource) {
      return bean; // The pool behind it is a bean of its own.
    }
    boolean proxied =
        bean instanceof DataSource
            && !hooked.contains(bean)
            && !Modifier.isFinal(bean.getClass().getModifiers());
    return proxied ? watched((DataSource) bean) : bean;
  }

  /**
   * That this pool says by {@link #opened} which connections it opens, so that it needs no proxy.
   */
  void hooked(DataSource pool) {
    hooked.add(pool);
  }

  /** Of the class of the pool, as beans may be injected by it. */
  private static Object proxy(DataSource pool, MethodInterceptor advice) {
    ProxyFactory factory = new ProxyFactory(pool);
    factory.setProxyTargetClass(true);
    factory.addAdvice(advice);
    return factory.getProxy(pool.getClass().getClassLoader());
  }

  private Object watched(DataSource pool) {
    return proxy(
        pool,
        call -> {
          Object result = call.proceed();
          if (result instanceof Connection connection
              && call.getMethod().getName().equals("getConnection")) {
            opened(connection);
          }
          return result;
        });
  }

  /** Remembers a connection. One that cannot be asked is left alone: it must not be lost here. */
  void opened(Connection connection) {
    try {
      if (connection.isWrapperFor(PGConnection.class)) {
        remember(connection.unwrap(PGConnection.class));
      }
    } catch (SQLException ex) {
      logger.debug("the settings of a connection could not be read", ex);
    }
  }

  private void remember(PGConnection connection) {
    synchronized (known) {
      if (!known.containsKey(connection) && connection.getAutosave() == AutoSave.NEVER) {
        known.put(connection, changes);
      }
      if (active && known.containsKey(connection)) {
        connection.setAutosave(AutoSave.CONSERVATIVE);
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
  public void columnsChanged() {
    synchronized (known) {
      changes++;
    }
  }

  /** Before the guard of the DataSource, which is around it. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }
}
