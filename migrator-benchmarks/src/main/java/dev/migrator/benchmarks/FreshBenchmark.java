package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long a database takes that no release has served from, until everything is reached: changes
 * of columns through all phases, SQL files beside Flyway with the same ones, and one change of a
 * table with a hundred rows. All settings are the defaults. Options: rounds, SQL files.
 */
public final class FreshBenchmark {

  private FreshBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rounds and SQL files, with commas between
   */
  public static void main(String[] args) {
    int rounds = Bench.option(args, 0, 5);
    int files = Bench.option(args, 1, 200);
    Path folder = files(files);
    try (Bench bench = new Bench()) {
      System.out.printf("%-36s %-28s %-14s %s%n", "", "ms", "transactions", "statements");
      measure(bench, "one change, empty table", "≤ 1000", 1000, rounds, 1, 0, null);
      measure(bench, "ten changes, empty tables", "≤ 1000", 1000, rounds, 10, 0, null);
      measure(bench, "one change, 100 rows, all phases", "≤ 150", 150, rounds, 1, 100, null);
      int most = 3000;
      measure(
          bench,
          "%d SQL files and ten changes".formatted(files - 10),
          "≤ 3000",
          most,
          rounds,
          10,
          0,
          files(files - 10));
      Samples[] both = new Samples[] {new Samples(), new Samples()};
      for (int round = -1; round < rounds; round++) {
        double own = once(bench, 0, 0, folder).millis;
        double flyway = flyway(bench, folder);
        if (round >= 0) {
          both[0].add(own);
          both[1].add(flyway);
        }
      }
      System.out.printf("%-36s %s%n", files + " SQL files", both[0].show(0));
      System.out.printf("%-36s %s%n", files + " scripts by Flyway", both[1].show(0));
      Report.row(
          "%d SQL files on a fresh database, ms".formatted(files),
          "below Flyway's %.0f".formatted(both[1].median()),
          both[0],
          both[1].median());
    }
  }

  private static void measure(
      Bench bench,
      String name,
      String toReach,
      int most,
      int rounds,
      int changes,
      int rows,
      @Nullable Path folder) {
    Samples millis = new Samples();
    Result last = once(bench, changes, rows, folder);
    for (int round = 0; round < rounds; round++) {
      last = once(bench, changes, rows, folder);
      millis.add(last.millis);
    }
    System.out.printf(
        "%-36s %-28s %-14d %d%n", name, millis.show(0), last.transactions, last.statements);
    Report.row("fresh database, " + name + ", ms", toReach, millis, most);
  }

  private static Result once(Bench bench, int changes, int rows, @Nullable Path folder) {
    try (TestDatabase database = bench.empty();
        HikariDataSource pool = Bench.pool(database, 10)) {
      JdbcClient jdbc = JdbcClient.create(pool);
      for (int i = 0; i < changes; i++) {
        jdbc.sql("CREATE TABLE c%d (id bigint PRIMARY KEY, a text NOT NULL)".formatted(i)).update();
        jdbc.sql("INSERT INTO c%d SELECT n, n FROM generate_series(1, %d) n".formatted(i, rows))
            .update();
      }
      Counting counting = new Counting(pool);
      long start = System.nanoTime();
      try (Migrator migrator = builder(counting, changes, folder).build()) {
        migrator.prepare();
        migrator.start();
        awaitDone(jdbc, migrator, changes + files(folder), rows);
        return new Result(
            (System.nanoTime() - start) / 1e6, counting.transactions(), counting.statements());
      }
    }
  }

  /** What had rows is kept for a while, and held by nothing but that. Looks beside the counter. */
  private static void awaitDone(JdbcClient jdbc, Migrator migrator, int all, int rows) {
    long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (jdbc.sql(
                """
                SELECT count(*) FROM migrator.migration
                 WHERE completed OR phase = CASE WHEN table_name = '' THEN 'EXPAND' WHEN ? THEN 'CONTRACT' END
                """)
            .param(rows > 0)
            .query(Integer.class)
            .single()
        < all) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException(String.valueOf(migrator.status().migrations()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static MigratorBuilder builder(Counting counting, int changes, @Nullable Path folder) {
    MigratorBuilder builder = Migrator.builder(counting);
    for (int i = 0; i < changes; i++) {
      builder.declare(
          "bean" + i,
          Migration.define("20260102-change-" + i)
              .table("c" + i)
              .renameColumn("a", "b")
              .switchRead()
              .dropColumn("a"));
    }
    return folder == null ? builder : builder.sqlFiles("file:" + folder);
  }

  private static double flyway(Bench bench, Path folder) {
    try (TestDatabase database = bench.empty();
        HikariDataSource pool = Bench.pool(database, 10)) {
      long start = System.nanoTime();
      ColdStart.flyway(pool, folder.toString()).migrate();
      return (System.nanoTime() - start) / 1e6;
    }
  }

  static Path files(int number) {
    try {
      Path folder = Files.createTempDirectory("files");
      for (int i = 0; i < number; i++) {
        Files.writeString(
            folder.resolve("202601011%05d_f%d.sql".formatted(i, i)),
            "CREATE TABLE f%d (id bigint PRIMARY KEY, a text);\nCREATE INDEX ON f%d (a);\n"
                .formatted(i, i));
      }
      return folder;
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  private static int files(@Nullable Path folder) {
    String[] names = (folder == null) ? null : folder.toFile().list();
    return (names == null) ? 0 : names.length;
  }

  private record Result(double millis, long transactions, long statements) {}
}
