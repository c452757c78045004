package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.error.MigratorException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that stops does not wait for a COPY of minutes. */
class LongCopyIT {

  private static final int ROWS = 1_000;

  private final Fixture fixture = new Fixture();

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
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

  /** Of rows that are all with the server, and of a file that is still being read. */
  private void endsWith(String filling) {
    fixture.execute(
        "CREATE TABLE pace (seconds float8)",
        "INSERT INTO pace VALUES (0.2)",
        "CREATE TABLE t (id int, text text)",
        """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(seconds) FROM pace; RETURN NEW; END $$""",
        "CREATE TRIGGER slow BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slow()");
    new SqlFolder(folder)
        .write(
            "20260101_t.sql",
            "-- migrator: long\nCOPY t FROM stdin;\n"
                + IntStream.range(0, ROWS)
                    .mapToObj(it -> it + "\t" + filling + "\n")
                    .collect(Collectors.joining())
                + "\\.\n");
    Migrator migrator = release();
    CompletableFuture<Void> start =
        CompletableFuture.runAsync(
            () -> {
              try {
                migrator.prepare();
              } catch (MigratorException ex) {
                assertThat(ex).hasMessageContaining("broken off");
              }
            });
    Fixture.await(() -> copies().equals("1"), () -> "a COPY that runs: " + start);
    migrator.close();
    start.join();
    assertThat(copies()).isEqualTo("0");
    assertThat(fixture.value("SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.migration WHERE phase IS NOT NULL OR failure IS NOT NULL"))
        .isEqualTo("0");
    // The next one does it all.
    fixture.execute("UPDATE pace SET seconds = 0");
    release().prepare();
    assertThat(fixture.value("SELECT count(*) FROM t")).isEqualTo(String.valueOf(ROWS));
  }

  private String copies() {
    return fixture.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%COPY t FROM stdin' AND wait_event = 'PgSleep'");
  }

  @Test
  void itEndsWhileTheServerIsAtWork() {
    endsWith("x");
  }

  @Test
  void itEndsWhileAFileIsRead() {
    endsWith("x".repeat(5_000));
  }
}
