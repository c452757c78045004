package dev.migrator.internal.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Does something once, right before a statement that contains a text is sent. */
final class HookedDataSource extends ProxiedDataSource {

  private final String text;

  private final BooleanSupplier condition;

  private final Hook hook;

  private final AtomicBoolean done = new AtomicBoolean();

  HookedDataSource(DataSource dataSource, String text, Runnable hook) {
    this(dataSource, text, () -> true, call -> hook.run());
  }

  /**
   * The same.
   *
   * @param hook gets the connection that the statement is about to be sent by
   */
  HookedDataSource(DataSource dataSource, String text, Consumer<Connection> hook) {
    this(dataSource, text, () -> true, call -> hook.accept(call.connection()));
  }

  private HookedDataSource(
      DataSource dataSource, String text, BooleanSupplier condition, Hook hook) {
    super(dataSource);
    this.text = text;
    this.condition = condition;
    this.hook = hook;
  }

  /**
   * For a hook that takes long, and needs nothing that the transaction around it has: that is not
   * ended as idle meanwhile.
   */
  static HookedDataSource patient(DataSource dataSource, String text, Runnable hook) {
    return patient(dataSource, text, () -> true, hook);
  }

  /**
   * The same.
   *
   * @param condition whether it is the right one of several such statements
   */
  static HookedDataSource patient(
      DataSource dataSource, String text, BooleanSupplier condition, Runnable hook) {
    return new HookedDataSource(dataSource, text, condition, call -> call.after(hook));
  }

  boolean isDone() {
    return done.get();
  }

  @Override
  @Nullable Object on(Call call) throws Throwable {
    if (call.sql().contains(text)
        && !isDone()
        && condition.getAsBoolean()
        && done.compareAndSet(false, true)) {
      hook.on(call);
    }
    return call.proceed();
  }

  @FunctionalInterface
  private interface Hook {
    void on(Call call) throws SQLException;
  }
}
