package dev.migrator.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.migrator.PoolPressure;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.util.function.SingletonSupplier;

/** Counts the threads that wait for a connection of the application's HikariCP pools. */
final class HikariPressure implements PoolPressure {

  private final SingletonSupplier<List<HikariDataSource>> pools;

  /** The data sources are looked up when a backfill runs, and not created for this before. */
  HikariPressure(Supplier<Stream<DataSource>> dataSources) {
    this.pools =
        SingletonSupplier.of(
            () ->
                dataSources
                    .get()
                    .filter(HikariPressure::isHikari)
                    .map(HikariPressure::hikari)
                    .toList());
  }

  @Override
  public int waiting() {
    int waiting = 0;
    for (HikariDataSource pool : pools.obtain()) {
      HikariPoolMXBean bean = pool.getHikariPoolMXBean();
      if (bean != null && !pool.isClosed()) {
        waiting += bean.getThreadsAwaitingConnection();
      }
    }
    return waiting;
  }

  @Override
  public int connections() {
    return pools.obtain().stream()
        .mapToInt(HikariDataSource::getMaximumPoolSize)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  private static boolean isHikari(DataSource dataSource) {
    try {
      return dataSource.isWrapperFor(HikariDataSource.class);
    } catch (SQLException ex) {
      return false;
    }
  }

  private static HikariDataSource hikari(DataSource dataSource) {
    try {
      return dataSource.unwrap(HikariDataSource.class);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
