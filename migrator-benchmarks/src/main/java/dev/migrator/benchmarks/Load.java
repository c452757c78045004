package dev.migrator.benchmarks;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** An application that updates random rows, one after the other, by a few connections. */
final class Load {

  private final TestDatabase database;

  private final String update;

  private final int rows;

  private final int connections;

  /**
   * Describes it.
   *
   * @param update has a parameter for the id
   */
  Load(TestDatabase database, String update, int rows, int connections) {
    this.database = database;
    this.update = update;
    this.rows = rows;
    this.connections = connections;
  }

  /** Runs for so long. */
  Result run(double seconds) {
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    return run(() -> System.nanoTime() < end);
  }

  /** Runs until it is stopped. */
  Result run(BooleanSupplier goOn) {
    long start = System.nanoTime();
    long[] nanos =
        IntStream.range(0, connections)
            .mapToObj(it -> CompletableFuture.supplyAsync(() -> one(goOn)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .flatMapToLong(Arrays::stream)
            .sorted()
            .toArray();
    return new Result(nanos, (System.nanoTime() - start) / 1e9);
  }

  private long[] one(BooleanSupplier goOn) {
    LongStream.Builder nanos = LongStream.builder();
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(update)) {
      while (goOn.getAsBoolean()) {
        long start = System.nanoTime();
        statement.setLong(1, 1 + ThreadLocalRandom.current().nextInt(rows));
        statement.executeUpdate();
        nanos.add(System.nanoTime() - start);
      }
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
    return nanos.build().toArray();
  }

  /**
   * What came of it.
   *
   * @param nanos how long each update took, sorted
   * @param seconds how long all of it took
   */
  record Result(long[] nanos, double seconds) {

    double perSecond() {
      return nanos.length / seconds;
    }

    double percentileMillis(double percent) {
      return nanos[(int) Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
    }
  }
}
