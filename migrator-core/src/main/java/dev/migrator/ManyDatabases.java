package dev.migrator;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.NotReadyException;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.MigrationPlan.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes many databases as far as their gates allow, a few at a time: for a job that runs before the
 * instances that serve them are replaced, such as with a database for each tenant. One that fails
 * keeps none of the others.
 *
 * <pre>{@code
 * List<ManyDatabases.Result<String>> results =
 *     ManyDatabases.of(tenants)
 *         .atOnce(4)
 *         .migrate(
 *             tenant -> poolOf(tenant), // such as a HikariDataSource of 2 connections
 *             (tenant, dataSource) ->
 *                 Migrator.builder(dataSource)
 *                     .application("shop", "2026.11")
 *                     .sqlFiles("classpath:db/migrator/")
 *                     .build());
 * results.stream().filter(it -> it.outcome() == Outcome.FAILED).forEach(System.err::println);
 * }</pre>
 *
 * <p>No more connections are open at once than the number of databases at once times the largest
 * pool; each pool is opened when the turn of its database comes, and closed behind it.
 *
 * @param <T> what stands for a database, such as the name of a tenant
 */
public final class ManyDatabases<T> {

  private static final int AT_ONCE = 4;

  private final List<T> databases;

  private final int atOnce;

  private ManyDatabases(Collection<T> databases, int atOnce) {
    this.databases = List.copyOf(databases);
    this.atOnce = atOnce;
  }

  /**
   * Begins with the databases.
   *
   * @param databases in the order in which they are begun
   * @param <T> what stands for a database
   * @return four of them are worked on at once, if nothing else is said
   */
  public static <T> ManyDatabases<T> of(Collection<T> databases) {
    return new ManyDatabases<>(databases, AT_ONCE);
  }

  /**
   * Says how many are worked on at once.
   *
   * @param number at least one
   * @return the same with that number
   */
  public ManyDatabases<T> atOnce(int number) {
    if (number < 1) {
      throw new IllegalArgumentException(
          "%s: at least one database at once, not %d".formatted(ErrorCode.SETTING_INVALID, number));
    }
    return new ManyDatabases<>(databases, number);
  }

  /**
   * Runs {@link Migrator#migrate()} on each. An interrupt of the calling thread ends it: what is at
   * work is stopped as by {@link Migrator#stop()}, and what has not begun does not.
   *
   * @param connect opens what connects to a database; it is closed if it is {@link AutoCloseable}
   * @param release declares what there is to do, the same for all
   * @return what became of each, in their order
   */
  public List<Result<T>> migrate(
      Function<T, DataSource> connect, BiFunction<T, DataSource, Migrator> release) {
    AtomicBoolean ended = new AtomicBoolean();
    List<Turn<T>> turns =
        databases.stream().map(it -> new Turn<>(it, connect, release, ended)).toList();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            atOnce,
            work -> {
              Thread thread = new Thread(work, "migrator-database");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<Result<T>>> running = new ArrayList<>();
      turns.forEach(it -> running.add(threads.submit(it::run)));
      List<Result<T>> results = new ArrayList<>();
      for (Future<Result<T>> each : running) {
        results.add(result(each, turns, ended));
      }
      return List.copyOf(results);
    } finally {
      threads.shutdown();
    }
  }

  private static <T> Result<T> result(
      Future<Result<T>> running, List<Turn<T>> turns, AtomicBoolean ended) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return running.get();
        } catch (InterruptedException ex) {
          interrupted = true;
          ended.set(true);
          turns.forEach(Turn::stop);
        } catch (ExecutionException ex) {
          throw new IllegalStateException(ex.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * What became of a database.
   *
   * @param database which one
   * @param left what is left, such as phases that are held; {@code null} if it failed
   * @param failure why it failed as a whole; {@code null} if it did not
   * @param <T> what stands for a database
   */
  public record Result<T>(
      T database, @Nullable MigrationPlan left, @Nullable RuntimeException failure) {

    /**
     * In one word.
     *
     * @return {@link Outcome#FAILED} also if a change of it has failed
     */
    public Outcome outcome() {
      if (left == null) {
        return Outcome.FAILED;
      }
      boolean open = left.steps().anyMatch(it -> !it.afterRetention());
      return open && left.outcome() == Outcome.REACHED ? Outcome.FAILED : left.outcome();
    }
  }

  /** The work on one of them. */
  private static final class Turn<T> {

    private final T database;

    private final Function<T, DataSource> connect;

    private final BiFunction<T, DataSource, Migrator> release;

    private final AtomicBoolean ended;

    private volatile @Nullable Migrator migrator;

    Turn(
        T database,
        Function<T, DataSource> connect,
        BiFunction<T, DataSource, Migrator> release,
        AtomicBoolean ended) {
      this.database = database;
      this.connect = connect;
      this.release = release;
      this.ended = ended;
    }

    Result<T> run() {
      try {
        return new Result<>(database, migrate(), null);
      } catch (RuntimeException ex) {
        return new Result<>(database, null, ex);
      }
    }

    private MigrationPlan migrate() {
      requireToGoOn();
      DataSource dataSource = connect.apply(database);
      try (Migrator made = release.apply(database, dataSource)) {
        migrator = made;
        // Whoever stopped all of them before this was there did not stop it.
        requireToGoOn();
        return made.migrate();
      } finally {
        migrator = null;
        close(dataSource);
      }
    }

    private void requireToGoOn() {
      if (ended.get()) {
        throw new NotReadyException(ErrorCode.START_ENDED, "it was ended before its turn came");
      }
    }

    void stop() {
      Migrator working = migrator;
      if (working != null) {
        working.stop();
      }
    }

    private static void close(DataSource dataSource) {
      if (dataSource instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception ex) {
          throw new IllegalStateException("the pool of a database could not be closed", ex);
        }
      }
    }
  }
}
