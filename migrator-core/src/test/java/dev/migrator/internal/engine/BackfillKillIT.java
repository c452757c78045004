package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PEERS 9.2: one of three processes is killed with SIGKILL in the middle of a backfill. */
class BackfillKillIT {

  /** Four to a block, and three chunks in all. */
  private static final int ROWS = 12_000;

  @TempDir private Path logs;

  private final Fixture fixture = new Fixture();

  private final Map<String, Process> processes = new LinkedHashMap<>();

  @AfterEach
  void close() {
    processes.values().forEach(Process::destroyForcibly);
    fixture.close();
  }

  private void start(String instance) throws IOException {
    processes.put(
        instance,
        ChildJvm.of(BackfillChild.class, fixture.database(), instance)
            .redirectErrorStream(true)
            .redirectOutput(log(instance).toFile())
            .start());
  }

  private Path log(String instance) {
    return logs.resolve(instance);
  }

  private List<String> working() {
    return fixture
        .jdbc()
        .sql(
            """
            SELECT DISTINCT split_part(worker, ' ', 1) FROM migrator.chunk
             WHERE NOT finished AND expires_at > now() AND rows_done > 0
            """)
        .query(String.class)
        .list();
  }

  private String leader() {
    return fixture.value("SELECT instance FROM migrator.lease WHERE name = 'leader'");
  }

  /** Each range of rows takes so long that all three are met before one of them is done. */
  private void slowDown(String... tables) {
    slow("PERFORM pg_sleep(0.5);");
    for (String table : tables) {
      fixture.execute(
          "CREATE TRIGGER slow AFTER UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION slow()"
              .formatted(table));
    }
  }

  private void slow(String how) {
    fixture.execute(
        "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s RETURN NULL; END $$"
            .formatted(how));
  }

  /** The journal and the columns are made by one before the others come. */
  private void prepare() {
    fixture.migrator(BackfillChild.change()).prepare();
  }

  /** Starts three, kills one, waits until another has its chunk, and lets them go on to the end. */
  private void killOneOfThree(boolean leads) throws Exception {
    for (String instance : List.of("one", "two", "three")) {
      start(instance);
    }
    await(() -> working().size() == 3, () -> "three at work, but there are " + working());

    String leader = leader();
    String victim =
        leads
            ? leader
            : processes.keySet().stream()
                .filter(it -> !it.equals(leader))
                .findFirst()
                .orElseThrow();
    long chunk =
        Long.parseLong(
            fixture.value(
                "SELECT max(id) FROM migrator.chunk WHERE NOT finished AND worker LIKE '%s %%'"
                    .formatted(victim)));
    processes.get(victim).destroyForcibly().waitFor();
    long done =
        Long.parseLong(fixture.value("SELECT blocks_done FROM migrator.chunk WHERE id = " + chunk));
    // The others take it over when they have done their own, and then are met again.
    slow(
        "IF EXISTS (SELECT FROM migrator.chunk WHERE id = %d AND worker NOT LIKE '%s %%') THEN PERFORM pg_sleep(1); END IF;"
            .formatted(chunk, victim));
    await(
        () ->
            fixture
                .value(
                    "SELECT count(*) FROM migrator.chunk WHERE id = %d AND worker NOT LIKE '%s %%' AND blocks_done >= %d"
                        .formatted(chunk, victim, done))
                .equals("1"),
        () -> "another to take over chunk " + chunk + " of " + victim);
    slow("");
    for (Map.Entry<String, Process> process : processes.entrySet()) {
      if (!process.getKey().equals(victim)) {
        assertThat(process.getValue().waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.getValue().exitValue())
            .as("%s", Files.readString(log(process.getKey())))
            .isZero();
      }
    }
  }

  /** Whether the leader is killed or one that helps. */
  static Stream<Boolean> whoIsKilled() {
    return FaultSample.oneOf("kill in the backfill", List.of(true, false));
  }

  @ParameterizedTest
  @MethodSource("whoIsKilled")
  void theOthersTakeItsChunkOverAndNoRowIsLostOrWrittenTwice(boolean leads) throws Exception {
    fixture.execute(
        "CREATE TABLE t (a text, filler text)",
        "INSERT INTO t SELECT 'value ' || n, repeat('x', 1800) FROM generate_series(1, %d) n"
            .formatted(ROWS));
    slowDown("t");
    prepare();
    killOneOfThree(leads);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
    assertThat(
            fixture.value(
                "SELECT rows_done || ' ' || rows_verified || ' ' || rows_differing FROM migrator.backfill"))
        .isEqualTo(ROWS + " " + ROWS + " 0");
  }

  /** The same under traffic that also moves rows from one partition to another. */
  @ParameterizedTest
  @MethodSource("whoIsKilled")
  void noRowOfAPartitionedTableIsLostUnderTraffic(boolean leads) throws Exception {
    fixture.execute(
        """
        CREATE TABLE t (id int PRIMARY KEY, a text, n int DEFAULT 0, filler text DEFAULT repeat('x', 1800))
          PARTITION BY RANGE (id)
        """,
        "CREATE TABLE low PARTITION OF t FOR VALUES FROM (0) TO (%d) PARTITION BY HASH (id)"
            .formatted(ROWS / 2),
        "CREATE TABLE low_0 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE low_1 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE high PARTITION OF t FOR VALUES FROM (%1$d) TO (%2$d)"
            .formatted(ROWS / 2, 2 * ROWS),
        "CREATE TABLE rest PARTITION OF t DEFAULT",
        "INSERT INTO t (id, a) SELECT n, 'value ' || n FROM generate_series(1, %d) n"
            .formatted(ROWS));
    slowDown("low_0", "low_1", "high");
    prepare();
    try (RowWriters writers = new RowWriters(fixture, "t", ROWS)) {
      killOneOfThree(leads);
      writers.stopAndCompare();
    }
    assertThat(fixture.value("SELECT rows_differing FROM migrator.backfill")).isEqualTo("0");
  }
}
