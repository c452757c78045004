package dev.migrator.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight JVMs start at once on a new database, with many files and some beans in one order: each
 * runs once, and the catalog is that of one instance alone. A JVM that was not killed serves the
 * next test, as a new instance.
 */
class FilesCrowdIT {

  private static final int INSTANCES = 8;

  private static final int FILES = Integer.getInteger("migrator.test.crowd-files", 50);

  private static final int BEANS = 5;

  private final Fixture fixture = Fixture.withoutJournal();

  private static final List<Process> processes = new ArrayList<>();

  private boolean parted;

  @TempDir Path folder;

  @AfterEach
  void close() {
    if (!parted) {
      end(); // Nobody knows at which line they are.
    }
    fixture.close();
  }

  @AfterAll
  static void end() {
    processes.forEach(Process::destroyForcibly);
    processes.clear();
  }

  @Test
  void eachRunsOnce() throws Exception {
    write();
    start();
    go();
    for (Process process : processes) {
      awaitLine(process, FilesCrowdChild.SERVES);
    }
    assertAllIsDoneOnce();
    // An attempt that did not get its lock has done nothing.
    assertThat(
            fixture.value(
                "SELECT max(n) FROM (SELECT count(*) AS n FROM migrator.event WHERE kind = 'STEP_DONE' GROUP BY migration_id, step) AS e"))
        .isEqualTo("1");
    part();
  }

  /** Those that are killed lead at that moment or do not; the others go on from there. */
  @Test
  void someAreKilled() throws Exception {
    write();
    start();
    go();
    for (int killed = 0; killed < INSTANCES / 2; killed++) {
      int done = (killed + 1) * FILES / INSTANCES;
      Await.until(() -> steps() >= done, () -> done + " steps");
      processes.remove(0).destroyForcibly();
    }
    for (Process process : processes) {
      awaitLine(process, FilesCrowdChild.SERVES);
    }
    assertAllIsDoneOnce();
    part();
  }

  private int steps() {
    return fixture.value("SELECT to_regclass('migrator.step')").equals("NULL")
        ? 0
        : Integer.parseInt(fixture.value("SELECT count(*) FROM migrator.step"));
  }

  /** A table that is made twice fails, and a row that is written twice is counted. */
  private void write() {
    SqlFolder files = new SqlFolder(folder);
    for (int i = 0; i < FILES; i++) {
      files.write(
          "2026010100%04d_f%d.sql".formatted(2 * i, i),
          switch (i % 10) {
            case 0 -> "CREATE TABLE t%d (id int PRIMARY KEY, a text)".formatted(i);
            case 1 -> "CREATE TABLE runs%d (n int); INSERT INTO runs%d VALUES (1)".formatted(i, i);
            case 2 -> "INSERT INTO runs%d VALUES (2)".formatted(i - 1);
            case 3 -> "ALTER TABLE runs%d ADD more int".formatted(i - 2);
            case 4 -> "CREATE INDEX CONCURRENTLY i%d ON runs%d (n)".formatted(i, i - 3);
            case 5 -> "CREATE VIEW v%d AS SELECT n FROM runs%d".formatted(i, i - 4);
            case 6 -> "-- migrator: contract\nDROP VIEW v%d".formatted(i - 1);
            case 7 -> "-- migrator: contract\nALTER TABLE runs%d DROP more".formatted(i - 6);
            case 8 -> "COMMENT ON TABLE runs%d IS 'of file %d'".formatted(i - 7, i);
            default -> "CREATE TABLE child%d (id int REFERENCES t%d)".formatted(i, i - 9);
          });
    }
  }

  private void start() throws IOException {
    while (processes.size() < INSTANCES) {
      processes.add(
          ChildJvm.of(FilesCrowdChild.class, fixture.database(), String.valueOf(BEANS))
              .redirectErrorStream(true)
              .start());
    }
    tell(fixture.database().jdbcUrl() + " file:" + folder);
    for (Process process : processes) {
      awaitLine(process, FilesCrowdChild.READY);
    }
  }

  private static void go() throws IOException {
    tell("go on");
  }

  /** The instances end, and their JVMs wait for the next database. */
  private void part() throws IOException {
    tell("close");
    for (Process process : processes) {
      awaitLine(process, FilesCrowdChild.CLOSED);
    }
    parted = true;
  }

  private static void tell(String line) throws IOException {
    for (Process process : processes) {
      process.getOutputStream().write((line + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    }
  }

  private static void awaitLine(Process process, String expected) throws IOException {
    BufferedReader lines = process.inputReader();
    StringBuilder seen = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(expected)) {
        return;
      }
      seen.append(line).append('\n');
    }
    throw new AssertionError("the process ended before it said " + expected + ":\n" + seen);
  }

  private void assertAllIsDoneOnce() {
    try (Fixture alone = Fixture.withoutJournal();
        Migrator observer =
            FilesCrowdChild.migrator(fixture.dataSource(), "file:" + folder, BEANS);
        Migrator single = FilesCrowdChild.migrator(alone.dataSource(), "file:" + folder, BEANS)) {
      awaitEnd(observer);
      single.prepare();
      single.start();
      awaitEnd(single);
      assertThat(fixture.catalog()).isEqualTo(alone.catalog());
    }
    for (int i = 1; i < FILES; i += 10) {
      assertThat(fixture.value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM runs" + i))
          .isEqualTo("1 2");
    }
  }

  private static void awaitEnd(Migrator migrator) {
    Await.until(
        () -> {
          List<MigrationStatus> all = migrator.status().migrations();
          return all.size() == FILES + BEANS
              && all.stream().allMatch(it -> it.phase() == Phase.CONTRACT || isAtItsEnd(it));
        },
        () -> String.valueOf(migrator.status()));
  }

  private static boolean isAtItsEnd(MigrationStatus status) {
    return status.state() == MigrationStatus.State.COMPLETED
        || status.state() == MigrationStatus.State.REACHED;
  }
}
