package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A start with nothing to do in a fresh JVM: one connection and one query, this library with one
 * finished change, and this library, Flyway and Liquibase with the same SQL files that have all
 * run. Options: rounds, most files.
 */
public final class StartBenchmark {

  private StartBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rounds and the largest number of files, with a comma between
   */
  public static void main(String[] args) {
    int rounds = Bench.option(args, 0, 7);
    int most = Bench.option(args, 1, 2_000);
    System.out.printf("ms of a start with nothing to do in a fresh JVM, %d rounds%n", rounds);
    try (Bench bench = new Bench();
        TestDatabase one = bench.empty()) {
      change(one);
      Map<String, Samples> samples = new LinkedHashMap<>();
      for (int round = -1; round < rounds; round++) {
        for (String what : List.of("query", "migrator")) {
          double millis = Jvm.millis(what, one, "-");
          if (round >= 0) {
            samples.computeIfAbsent(what, it -> new Samples()).add(millis);
          }
        }
      }
      double query = of(samples, "query").median();
      double ours = of(samples, "migrator").median();
      System.out.printf("%-36s %s%n", "one connection and one query", of(samples, "query").show(0));
      System.out.printf(
          "%-36s %s, %.2f times as long%n",
          "one finished change", of(samples, "migrator").show(0), ours / query);
      Report.row(
          "cold start with nothing to do, against one connection and one query",
          "≤ 1.3",
          "%.2f".formatted(ours / query),
          ours / query <= 1.3);
      for (int files : new int[] {10, 200, 1_000, 2_000}) {
        if (files <= most) {
          files(bench, files, rounds);
        }
      }
    }
  }

  private static void files(Bench bench, int files, int rounds) {
    String folder = FreshBenchmark.files(files).toString();
    writeChangelog(folder);
    Map<String, Samples> samples = new LinkedHashMap<>();
    try (TestDatabase own = bench.empty();
        TestDatabase flyway = bench.empty();
        TestDatabase liquibase = bench.empty()) {
      runAll(own, flyway, liquibase, folder);
      for (int round = -1; round < rounds; round++) {
        Map<String, Double> millis = new LinkedHashMap<>();
        millis.put("migrator", Jvm.millis("migrator", own, folder));
        millis.put("flyway", Jvm.millis("flyway", flyway, folder));
        millis.put("liquibase", Jvm.millis("liquibase", liquibase, folder));
        if (round >= 0) {
          millis.forEach(
              (what, took) -> samples.computeIfAbsent(what, it -> new Samples()).add(took));
        }
      }
    }
    Samples ours = of(samples, "migrator");
    double flyway = of(samples, "flyway").median();
    double liquibase = of(samples, "liquibase").median();
    System.out.printf(
        "%-36s %-20s Flyway %-20s %.2f Liquibase %-20s %.2f%n",
        files + " SQL files that have run",
        ours.show(0),
        of(samples, "flyway").show(0),
        ours.median() / flyway,
        of(samples, "liquibase").show(0),
        ours.median() / liquibase);
    Report.row(
        "cold start with %d files that have run, ms".formatted(files),
        "below Flyway's %.0f and Liquibase's %.0f".formatted(flyway, liquibase),
        ours,
        Math.min(flyway, liquibase));
  }

  private static void runAll(
      TestDatabase own, TestDatabase flyway, TestDatabase liquibase, String folder) {
    try (HikariDataSource ours = Bench.pool(own, 4);
        HikariDataSource flyways = Bench.pool(flyway, 4);
        HikariDataSource liquibases = Bench.pool(liquibase, 4)) {
      runAndNote(ours, folder);
      ColdStart.flyway(flyways, folder).migrate();
      ColdStart.liquibase(liquibases, folder);
    }
  }

  /** One change set for each file. */
  private static void writeChangelog(String folder) {
    StringBuilder changelog = new StringBuilder("databaseChangeLog:\n");
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        changelog.append(
            "  - changeSet: { id: '%s', author: b, changes: [ { sqlFile: { path: '%s' } } ] }\n"
                .formatted(file.getFileName(), file.getFileName()));
      }
      Path written = Path.of(folder, ColdStart.LIQUIBASE_CHANGELOG);
      Files.createDirectories(written.getParent());
      Files.writeString(written, changelog);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  private static void change(TestDatabase database) {
    JdbcClient.create(database.dataSource())
        .sql("CREATE TABLE c (id bigint PRIMARY KEY, a text NOT NULL)")
        .update();
    try (HikariDataSource pool = Bench.pool(database, 4)) {
      runAndNote(pool, "-");
    }
  }

  /** The first start behind a change reads what was recorded, and notes it when it ends. */
  private static void runAndNote(HikariDataSource pool, String folder) {
    for (int start = 0; start < 2; start++) {
      try (Migrator migrator = ColdStart.migrator(pool, folder)) {
        migrator.prepare();
      }
    }
  }

  private static Samples of(Map<String, Samples> samples, String what) {
    return Objects.requireNonNull(samples.get(what));
  }
}
