package dev.migrator.internal.engine;

import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Does something once, right before a statement that contains a text is sent. */
final class HookedDataSource extends ProxiedDataSource {

  private final String text;

  private final Consumer<Connection> hook;

  private final boolean patient;

  private final AtomicBoolean done = new AtomicBoolean();

  HookedDataSource(DataSource dataSource, String text, Runnable hook) {
    this(dataSource, text, connection -> hook.run());
  }

  /**
   * The same.
   *
   * @param hook gets the connection that the statement is about to be sent by
   */
  HookedDataSource(DataSource dataSource, String text, Consumer<Connection> hook) {
    this(dataSource, text, hook, false);
  }

  private HookedDataSource(
      DataSource dataSource, String text, Consumer<Connection> hook, boolean patient) {
    super(dataSource);
    this.text = text;
    this.hook = hook;
    this.patient = patient;
  }

  /**
   * For a hook that takes long, and needs nothing that the transaction around it has: that is not
   * ended as idle meanwhile.
   */
  static HookedDataSource patient(DataSource dataSource, String text, Runnable hook) {
    return new HookedDataSource(dataSource, text, connection -> hook.run(), true);
  }

  @Override
  @Nullable Object on(Call call) throws Throwable {
    if (call.sql().contains(text) && done.compareAndSet(false, true)) {
      if (patient) {
        call.after(() -> hook.accept(call.connection()));
      } else {
        hook.accept(call.connection());
      }
    }
    return call.proceed();
  }
}
