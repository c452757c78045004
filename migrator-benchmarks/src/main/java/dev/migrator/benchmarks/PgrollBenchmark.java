package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * A column that is filled from another one, by {@code pgroll}, if it is on the path, and by a
 * migration with its verification; beside one plain UPDATE. Each has a table of its own, made right
 * before, with a checkpoint behind it. Each makes the tables that it keeps for itself. Before the
 * rounds a small table is filled, in which this JVM loads its classes. Options: rows, rounds, and
 * up to three sizes of pgroll's batches, 0 for none.
 */
public final class PgrollBenchmark {

  private static final String OPERATIONS =
      """
      {"operations": [{"add_column": {"table": "t", "up": "a",
                       "column": {"name": "b", "type": "text", "nullable": true}}}]}
      """;

  /** As many as it takes for the ranges to be those of a large table. */
  private static final int WARM_UP_ROWS = 50_000;

  private static final int[] BATCHES = {10_000, 50_000, 200_000};

  private PgrollBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rows, rounds and sizes of batches, with commas between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 1_000_000);
    int rounds = Bench.option(args, 1, 2);
    boolean present = isPresent();
    if (!present) {
      System.out.println("pgroll is not on the path, and left out");
    }
    Map<String, Samples> seconds = new TreeMap<>();
    try (Bench bench = new Bench()) {
      try (TestDatabase database = bench.table(WARM_UP_ROWS)) {
        ours(database, 1);
      }
      for (int round = 0; round < rounds; round++) {
        for (int workers = 1; workers <= 2; workers++) {
          try (TestDatabase database = bench.table(rows)) {
            of(seconds, "migrator " + workers).add(ours(database, workers));
          }
        }
        try (TestDatabase database = bench.table(rows)) {
          of(seconds, "plain UPDATE").add(plain(database));
        }
        for (int i = 0; i < BATCHES.length && present; i++) {
          int batch = Bench.option(args, i + 2, BATCHES[i]);
          if (batch > 0) {
            try (TestDatabase database = bench.table(rows)) {
              of(seconds, "pgroll " + batch).add(pgroll(database, batch));
            }
          }
        }
      }
    }
    report(seconds, rows, rounds);
  }

  private static void report(Map<String, Samples> seconds, int rows, int rounds) {
    double best =
        seconds.entrySet().stream()
            .filter(it -> it.getKey().startsWith("pgroll"))
            .mapToDouble(it -> it.getValue().median())
            .min()
            .orElse(Double.NaN);
    System.out.printf("a column of %,d rows filled, %d rounds%n", rows, rounds);
    System.out.printf("%-24s %-22s %s%n", "", "seconds", "pgroll's best takes so many times");
    seconds.forEach(
        (side, took) ->
            System.out.printf("%-24s %-22s %.2f%n", side, took.show(1), best / took.median()));
    if (!Double.isNaN(best)) {
      for (int workers = 1; workers <= 2; workers++) {
        double ratio = best / of(seconds, "migrator " + workers).median();
        int toReach = (workers == 1) ? 3 : 5;
        Report.row(
            "backfill with verification of %,d rows by %d workers: pgroll's best takes so many times"
                .formatted(rows, workers),
            "≥ " + toReach,
            String.format(Locale.ROOT, "%.2f", ratio),
            ratio >= toReach);
      }
    }
  }

  private static Samples of(Map<String, Samples> seconds, String side) {
    return seconds.computeIfAbsent(side, it -> new Samples());
  }

  private static double plain(TestDatabase database) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("ALTER TABLE t ADD COLUMN b text").update();
    long start = System.nanoTime();
    jdbc.sql("UPDATE t SET b = a").update();
    return (System.nanoTime() - start) / 1e9;
  }

  /** With all that comes before the copying, as the other side has it. */
  private static double ours(TestDatabase database, int workers) {
    try (HikariDataSource pool = Bench.pool(database, workers + 1)) {
      Migrator migrator = Bench.migrator(pool, BackfillSettings.builder().workers(workers).build());
      long start = System.nanoTime();
      migrator.prepare();
      migrator.start();
      Bench.awaitBackfill(migrator);
      double seconds = (System.nanoTime() - start) / 1e9;
      migrator.close();
      return seconds;
    }
  }

  private static double pgroll(TestDatabase database, int batch) {
    try {
      Path directory = Files.createTempDirectory("benchmark");
      Path file = directory.resolve("01_fill.json");
      Files.writeString(file, OPERATIONS);
      double init = seconds(database, "init");
      run(database, "baseline", "00_base", directory.toString(), "--yes");
      double start =
          seconds(
              database, "start", file.toString(), "--backfill-batch-size", String.valueOf(batch));
      long left =
          JdbcClient.create(database.dataSource())
              .sql("SELECT count(*) FROM t WHERE _pgroll_new_b IS DISTINCT FROM a")
              .query(Long.class)
              .single();
      if (left > 0) {
        throw new IllegalStateException(left + " rows were not filled");
      }
      FileSystemUtils.deleteRecursively(directory);
      return init + start;
    } catch (IOException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static double seconds(TestDatabase database, String... arguments) throws IOException {
    long start = System.nanoTime();
    run(database, arguments);
    return (System.nanoTime() - start) / 1e9;
  }

  private static boolean isPresent() {
    try {
      return new ProcessBuilder("pgroll", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException ex) {
      return false;
    } catch (InterruptedException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static void run(TestDatabase database, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("pgroll"));
    command.addAll(List.of(arguments));
    String address =
        database
            .jdbcUrl()
            .replace(
                "jdbc:postgresql://",
                "postgres://%s:%s@".formatted(database.username(), database.password()));
    command.addAll(
        List.of(
            "--postgres-url", address + (address.contains("?") ? "&" : "?") + "sslmode=disable"));
    Path output = Files.createTempFile("pgroll", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(Files.readString(output));
      }
    } catch (InterruptedException ex) {
      throw new IllegalStateException(ex);
    } finally {
      Files.delete(output);
    }
  }
}
