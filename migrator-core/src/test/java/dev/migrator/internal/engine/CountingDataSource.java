package dev.migrator.internal.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the statements that were sent through it, but for those of the timers: how many
 * heartbeats come meanwhile is a matter of the machine's speed.
 */
final class CountingDataSource extends ProxiedDataSource {

  private static final Set<String> TIMERS = Set.of("migrator-heartbeat", "migrator-lease");

  private final List<String> statements = new CopyOnWriteArrayList<>();

  CountingDataSource(DataSource dataSource) {
    super(dataSource);
  }

  /** Those with a text. */
  long count(String text) {
    return statements.stream().filter(it -> it.contains(text)).count();
  }

  void reset() {
    statements.clear();
  }

  @Override
  @Nullable Object on(Call call) throws Throwable {
    if (call.executes() && !TIMERS.contains(Thread.currentThread().getName())) {
      statements.add(call.sql());
    }
    return call.proceed();
  }
}
