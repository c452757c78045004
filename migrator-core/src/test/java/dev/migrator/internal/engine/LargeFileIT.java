package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.StepFailedException;
import dev.migrator.status.MigrationStatus.State;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SQL files that are larger than the memory that there is for them. */
class LargeFileIT {

  /** With -Dmigrator.test.large=100 each file has 100 MB. */
  private static final int MEGABYTES = Integer.getInteger("migrator.test.large", 20);

  private static final Logger logger = LoggerFactory.getLogger(LargeFileIT.class);

  private static final String ROW = "%d\t" + "x".repeat(200) + "\n";

  private static final String INSERT =
      "INSERT INTO inserted VALUES (%d, '" + "x".repeat(5_000) + "');\n";

  private final Fixture fixture = new Fixture();

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long rows(int length) {
    return ((long) MEGABYTES << 20) / length;
  }

  private Path write(String name, String before, String row, String after) throws IOException {
    Path file = folder.resolve(name);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write(before);
      for (long i = 0; i < rows(row.length()); i++) {
        writer.write(row.formatted(i));
      }
      writer.write(after);
    }
    return file;
  }

  private Migrator release() {
    Migrator migrator =
        Fixture.builder(fixture.dataSource())
            .settings(AUTO)
            .application("shop", "1")
            .sqlFiles("file:" + folder)
            .build();
    fixture.closing(migrator);
    return migrator;
  }

  @Test
  void memoryIsNotInProportionToThem() throws Exception {
    Path copied =
        write(
            "20260101_copied.sql",
            "-- migrator: long\nCREATE TABLE copied (id bigint, text text);\nCOPY copied FROM stdin;\n",
            ROW,
            "\\.\n");
    write(
        "20260102_inserted.sql",
        "-- migrator: long\nCREATE TABLE inserted (id bigint, text text);\n",
        INSERT,
        "");
    Process child =
        ChildJvm.of(LargeFileChild.class, fixture.database(), "file:" + folder)
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
    assertThat(said).contains(LargeFileChild.DONE);
    assertThat(fixture.value("SELECT count(DISTINCT id) FROM copied"))
        .isEqualTo(String.valueOf(rows(ROW.length())));
    assertThat(fixture.value("SELECT count(DISTINCT id) FROM inserted"))
        .isEqualTo(String.valueOf(rows(INSERT.length())));
    assertThat(fixture.value("SELECT max(pg_column_size(definition)) < 10000 FROM migrator.step"))
        .as("what the journal keeps is small")
        .isEqualTo("t");

    // Here with the memory that tests have: what ran is known, and a change of a row is found.
    long start = System.nanoTime();
    Migrator again = release();
    again.prepare();
    logger.info(
        "2 files of {} MB, nothing due: {} ms", MEGABYTES, (System.nanoTime() - start) / 1_000_000);
    assertThat(again.status("20260101_copied").orElseThrow().state()).isEqualTo(State.REACHED);
    again.close();
    Files.writeString(copied, "1\tanother\n\\.\n", StandardOpenOption.APPEND);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> release().prepare())
        .withMessageContaining("20260101_copied");
  }

  /** It leaves nothing, and runs when it is mended. */
  @Test
  void whatTheServerRefusesIsNamedWithItsLine() throws IOException {
    String before =
        "-- migrator: long\nCREATE TABLE t (id bigint PRIMARY KEY, text text);\nCOPY t FROM stdin;\n";
    Path file = write("20260101_t.sql", before, ROW, "0\tagain\n\\.\n");
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(() -> release().prepare())
        .withMessageContainingAll("20260101_t.sql, line 3", "23505");
    assertThat(fixture.value("SELECT to_regclass('t')")).isEqualTo("NULL");
    Files.delete(file);
    write("20260101_t.sql", before, ROW, "\\.\n");
    release().prepare();
    assertThat(fixture.value("SELECT count(*) FROM t"))
        .isEqualTo(String.valueOf(rows(ROW.length())));
  }
}
