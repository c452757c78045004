package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.BackfillSettings;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All instances bring rows over, one leads, and they keep to the limit of the fleet. */
class BackfillFleetIT {

  private static final BackfillSettings SMALL =
      BackfillSettings.builder().rangeTarget(Duration.ofMillis(5)).build();

  private final Fixture fixture = new Fixture();

  private final Set<String> seen = new TreeSet<>();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (a text, filler text)",
        "INSERT INTO t SELECT 'value ' || n, repeat('x', 1800) FROM generate_series(1, 14000) n",
        // Slow enough to be watched.
        """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.03); RETURN NULL; END $$
        """,
        "CREATE TRIGGER slow AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION slow()");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration change() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private Migrator start(BackfillSettings backfill) {
    MigratorSettings settings = SETTINGS.toBuilder().backfill(backfill).build();
    Migrator migrator = fixture.migrator(fixture.pool(2), settings, change());
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  /** The instances at work at this moment, one name for each of their workers. */
  private List<String> hands() {
    List<String> hands =
        fixture
            .jdbc()
            .sql(
                """
                SELECT split_part(worker, ' ', 1) FROM migrator.chunk
                 WHERE NOT finished AND expires_at > now() ORDER BY 1
                """)
            .query(String.class)
            .list();
    seen.addAll(hands);
    return hands;
  }

  private void assertAllIsDone(Migrator migrator) {
    fixture.execute("DROP TRIGGER IF EXISTS slow ON t");
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
    assertThat(fixture.value("SELECT rows_done || ' ' || rows_verified FROM migrator.backfill"))
        .as("no row is written or compared twice")
        .isEqualTo("14000 14000");
  }

  @Test
  void everyInstanceHelps() {
    Migrator first = start(SMALL);
    start(SMALL.toBuilder().workers(2).build());
    start(SMALL.toBuilder().workers(0).build());
    await(() -> hands().size() == 3, () -> "three workers, but there were " + seen);
    assertThat(first.status("m").orElseThrow().backfill().workers()).isNotEmpty();
    assertAllIsDone(first);
    assertThat(seen).as("who works only as the leader").doesNotContain("instance-3");
  }

  /** It has been asleep for long: there was nothing that it knows of to be done. */
  @Test
  void anInstanceWhoseReleaseDoesNotDeclareTheChangeHelps() {
    Migrator before =
        fixture.migrator(
            fixture.pool(2),
            SETTINGS.toBuilder()
                .backfill(SMALL)
                .fleet(it -> it.heartbeat(Duration.ofSeconds(1)))
                .build());
    before.prepare();
    before.start();
    Migrator first = start(SMALL);
    await(() -> hands().contains("instance-1"), () -> "it to help, but there were " + seen);
    assertAllIsDone(first);
  }

  @Test
  void noMoreWorkThanTheFleetMay() {
    Migrator first = start(SMALL.toBuilder().workers(4).fleetWorkers(2).build());
    start(SMALL.toBuilder().workers(4).fleetWorkers(2).build());
    await(() -> hands().size() == 2, () -> "two to work, but there were " + seen);
    for (int i = 0; i < 100; i++) {
      assertThat(hands()).hasSizeLessThanOrEqualTo(2);
    }
    assertThat(seen).isNotEmpty();
    assertAllIsDone(first);
  }

  @Test
  void aPauseIsHeardByAllAndUndoTakesTheWorkAway() {
    Migrator first = start(SMALL);
    Migrator second = start(SMALL);
    await(() -> hands().size() == 2, () -> "both to work, but it was " + seen);
    second.execute("m", OperatorCommand.PAUSE);
    await(() -> hands().isEmpty(), () -> "nobody to work, but it is " + hands());
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS NULL")).isNotEqualTo("0");

    second.execute("m", OperatorCommand.RESUME);
    await(() -> hands().size() == 2, () -> "both to work, but it was " + seen);
    second.execute("m", OperatorCommand.UNDO);
    await(
        () ->
            first.status("m").orElseThrow().holds().stream()
                .anyMatch(it -> it.reason() == dev.migrator.status.Hold.Reason.UNDONE),
        () -> String.valueOf(first.status("m")));
    assertThat(fixture.value("SELECT count(*) FROM migrator.chunk")).isEqualTo("0");

    fixture.execute("DROP TRIGGER slow ON t");
    second.execute("m", OperatorCommand.RESUME);
    awaitPhase(first, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
  }

  /**
   * The instance that leads goes; the others go on with the rows, and one of them with the rest.
   */
  @Test
  void theLeaderMayGo() {
    Migrator first = start(SMALL);
    Migrator second = start(SMALL);
    await(() -> hands().size() == 2, () -> "both to work, but it was " + seen);
    first.stop();
    assertAllIsDone(second);
  }

  @Test
  void manyWorkersShareAPoolOfOne() {
    MigratorSettings settings =
        SETTINGS.toBuilder().backfill(SMALL.toBuilder().workers(4).build()).build();
    Migrator migrator = fixture.migrator(fixture.pool(1), settings, change());
    migrator.prepare();
    migrator.start();
    await(() -> hands().size() == 4, () -> "four to work, but it was " + hands());
    assertAllIsDone(migrator);
  }
}
