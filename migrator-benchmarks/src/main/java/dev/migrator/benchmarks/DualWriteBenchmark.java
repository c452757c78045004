package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.test.TestDatabase;

/**
 * What the triggers cost an application: updates of an unrelated column, and of the column itself,
 * without a migration and while both sides are kept in step. Options: rows, rounds, seconds.
 */
public final class DualWriteBenchmark {

  private static final String UNRELATED = "UPDATE t SET visits = visits + 1 WHERE id = ?";

  private static final String ITSELF = "UPDATE t SET a = 'written ' || random() WHERE id = ?";

  private DualWriteBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rows, rounds and seconds, with commas between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 100_000);
    int rounds = Bench.option(args, 1, 5);
    int seconds = Bench.option(args, 2, 5);
    System.out.printf("updates in a second by 2 connections, %d rounds of %d s%n", rounds, seconds);
    System.out.printf(
        "%-20s %-24s %-24s %s%n", "", "without a migration", "while dual-writing", "share");
    try (Bench bench = new Bench();
        TestDatabase plain = bench.table(rows);
        TestDatabase changed = bench.table(rows);
        HikariDataSource pool = Bench.pool(changed, 2)) {
      Migrator migrator = Bench.migrator(pool, BackfillSettings.defaults());
      migrator.prepare();
      migrator.start();
      Bench.awaitBackfill(migrator);
      migrator.close();
      measure("unrelated column", UNRELATED, plain, changed, rows, rounds, seconds);
      measure("the column itself", ITSELF, plain, changed, rows, rounds, seconds);
    }
  }

  private static void measure(
      String name,
      String update,
      TestDatabase plain,
      TestDatabase changed,
      int rows,
      int rounds,
      int seconds) {
    Samples without = new Samples();
    Samples with = new Samples();
    new Load(plain, update, rows, 2).run(1);
    new Load(changed, update, rows, 2).run(1);
    for (int round = 0; round < rounds; round++) {
      without.add(new Load(plain, update, rows, 2).run(seconds).perSecond());
      with.add(new Load(changed, update, rows, 2).run(seconds).perSecond());
    }
    System.out.printf(
        "%-20s %-24s %-24s %.1f %%%n",
        name, without.show(0), with.show(0), 100 * with.median() / without.median());
  }
}
