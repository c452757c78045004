package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.test.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file costs beside many others. */
class ManyFilesIT {

  /** How all records of the journal are read. */
  private static final String ALL = "OR phase = 'CONTRACT'";

  private final Fixture fixture = new Fixture();

  private final CountingDataSource counting = new CountingDataSource(fixture.dataSource());

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private SqlFolder files(int from, int to) {
    SqlFolder files = new SqlFolder(folder);
    for (int i = from; i < to; i++) {
      // The third of three takes something away, which it may on a new database.
      files.write(
          "202601011%05d_f%d.sql".formatted(i, i),
          (i % 3 == 2) ? "-- migrator: contract\nSELECT 1" : "SELECT 1");
    }
    return files;
  }

  private Migrator migrator(String release) {
    Migrator migrator =
        Fixture.builder(counting)
            .settings(AUTO)
            .application("shop", release)
            .sqlFiles("file:" + folder)
            .build();
    fixture.closing(migrator);
    return migrator;
  }

  @Test
  void aFirstRunReadsAllRecordsNotOnceForEachFile() {
    files(0, 30);
    Migrator few = migrator("1");
    few.prepare();
    long statements = counting.count("");
    few.close();
    counting.reset();
    files(30, 330);
    Migrator many = migrator("2");
    many.prepare();
    assertThat(counting.count("") / 300).isLessThanOrEqualTo(statements / 30);
    // Heartbeats read them too and come by the clock, so it is compared with the number of files.
    assertThat(counting.count(ALL)).isLessThan(300 / 10);
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.step WHERE state = 'DONE' AND attempts = 1"))
        .isEqualTo("330");
    counting.reset();
    many.start();
    Await.until(ManyFilesIT::backgroundSleeps);
    assertThat(counting.count("")).isLessThan(330 / 10);
    counting.reset();
    assertThat(many.status().migrations()).hasSize(330);
    assertThat(counting.count("")).isLessThan(330 / 10);
  }

  private static boolean backgroundSleeps() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            it ->
                it.getName().equals("migrator-worker")
                    && it.getState() == Thread.State.TIMED_WAITING);
  }

  /** Releases have the same files for all of their instances, so they are stored once. */
  @Test
  void theFilesOfAReleaseAreStoredOnce() {
    files(0, 6);
    Migrator one = migrator("1");
    one.prepare();
    Migrator other = migrator("1");
    other.prepare();
    assertThat(fixture.value("SELECT count(*) FROM migrator.files")).isEqualTo("1");
    assertThat(fixture.value("SELECT count(*) FROM migrator.instance WHERE declares = '{}'"))
        .isEqualTo("2");
    files(6, 7);
    Migrator next = migrator("2");
    next.prepare();
    assertThat(fixture.value("SELECT count(*) FROM migrator.files")).isEqualTo("2");
    assertThat(next.status().fleet())
        .extracting(it -> it.declares().size())
        .containsExactlyInAnyOrder(6, 6, 7);
    one.close();
    other.close();
    fixture.execute(
        "UPDATE migrator.instance SET left_at = now() - interval '40 days' WHERE release = '1'",
        "UPDATE migrator.files SET used_at = used_at - interval '40 days'");
    Migrator last = migrator("2");
    last.prepare();
    last.close();
    assertThat(fixture.value("SELECT count(*) FROM migrator.instance")).isEqualTo("2");
    next.close();
    assertThat(fixture.value("SELECT count(*) FROM migrator.files")).isEqualTo("1");
  }
}
