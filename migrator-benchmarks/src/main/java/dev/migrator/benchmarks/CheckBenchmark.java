package dev.migrator.benchmarks;

import dev.migrator.check.CheckReport;
import dev.migrator.check.SqlCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How long the check of SQL files takes: read only, and tried, the start of the embedded server
 * included. Each file makes a table or changes one that an earlier file has made, in the ways in
 * which files mostly do.
 */
public final class CheckBenchmark {

  private static final int TABLES_EVERY = 5;

  private CheckBenchmark() {}

  /**
   * Measures.
   *
   * @param args the number of files
   */
  public static void main(String[] args) throws IOException {
    int files = (args.length > 0 && !args[0].isEmpty()) ? Integer.parseInt(args[0]) : 1000;
    Path folder = Files.createTempDirectory("check");
    try {
      for (int i = 0; i < files; i++) {
        Files.writeString(
            folder.resolve("%d_change.sql".formatted(20_200_101_000_000L + i)), statement(i));
      }
      measure("read only, first in its JVM", SqlCheck.folder(folder).reading());
      measure("read only, again", SqlCheck.folder(folder).reading());
      measure("tried, with the start of the server", SqlCheck.folder(folder));
      measure("tried, on the server that runs", SqlCheck.folder(folder));
    } finally {
      try (var all = Files.list(folder)) {
        for (Path it : all.toList()) {
          Files.delete(it);
        }
      }
      Files.delete(folder);
    }
  }

  private static String statement(int i) {
    int table = i / TABLES_EVERY;
    return switch (i % TABLES_EVERY) {
      case 0 ->
          "CREATE TABLE t%d (id bigint PRIMARY KEY, name text NOT NULL, born date, state varchar(10))"
              .formatted(table);
      case 1 -> "CREATE INDEX t%d_name ON t%d (name)".formatted(table, table);
      case 2 -> "ALTER TABLE t%d ADD note text NOT NULL DEFAULT ''".formatted(table);
      case 3 ->
          "ALTER TABLE t%d ADD CONSTRAINT t%d_c CHECK (state <> '') NOT VALID;\nALTER TABLE t%d ALTER state TYPE varchar(20);"
              .formatted(table, table, table);
      default -> "INSERT INTO t%d (id, name) VALUES (1, 'a'), (2, 'b')".formatted(table);
    };
  }

  private static void measure(String what, SqlCheck check) {
    long begin = System.nanoTime();
    CheckReport report = check.run();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d files, %d statements, %d findings, %s: %.2f s%n",
        report.files(),
        report.statements(),
        report.findings().size(),
        what,
        seconds);
  }
}
