package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.MigrationStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rows are copied whatever happens to them, and to the instance, meanwhile. */
@Tag("server-version")
class BackfillIT {

  private static final String ID = "backfill";

  /** Ranges of a few blocks, so that there are many of them. */
  private static final MigratorSettings SMALL_RANGES =
      SETTINGS.toBuilder().backfill(it -> it.rangeTarget(Duration.ofMillis(1))).build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (a text, other int, filler text)",
        "INSERT INTO t SELECT 'value ' || n, 0, repeat('x', 200) FROM generate_series(1, 40000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled change() {
    return Migration.define(ID).table("t").addColumn("b", "text").dualWrite("a", "b").backfill();
  }

  private String differences() {
    return fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b");
  }

  /** How many blocks are behind the ranges that are committed. */
  private long cursor() {
    return Long.parseLong(
        fixture.value("SELECT coalesce(sum(blocks_done), 0) FROM migrator.chunk"));
  }

  @Test
  void aRestartGoesOnWhereTheRangeBeforeWasCommitted() {
    Migrator first = fixture.migrator(SMALL_RANGES, change());
    first.prepare();
    first.start();
    await(() -> cursor() > 0, () -> "a first range");
    first.close();
    long end = Long.parseLong(fixture.value("SELECT blocks FROM migrator.backfill"));
    assertThat(cursor()).isBetween(1L, end - 1);
    assertThat(
            fixture.value(
                """
                SELECT count(*) FROM t, migrator.chunk
                 WHERE b IS NULL AND get_byte(tidsend(t.ctid), 5) % 16 < CASE WHEN pass = 7 THEN 15 WHEN pass < 0 THEN 15 + pass ELSE pass END
                   AND (t.ctid::text::point)[0] BETWEEN first_block AND end_block - 1
                """))
        .as("what the passes before took is done")
        .isEqualTo("0");
    String written = fixture.value("SELECT sum(rows_done) FROM migrator.chunk");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b IS NOT NULL")).isEqualTo(written);

    fixture.execute(
        """
        CREATE FUNCTION never_back() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'back from % to %', OLD.blocks_done, NEW.blocks_done; END $$
        """,
        """
        CREATE TRIGGER never_back BEFORE UPDATE ON migrator.chunk
        FOR EACH ROW WHEN (NEW.blocks_done < OLD.blocks_done) EXECUTE FUNCTION never_back()
        """);

    fixture.reach(Phase.BACKFILL, change());

    assertThat(differences()).isEqualTo("0");
    assertThat(fixture.value("SELECT rows_done FROM migrator.backfill"))
        .as("no row is written twice")
        .isEqualTo("40000");
  }

  /** A standby that takes the server's place may lack the record of what is under way. */
  @Test
  void workWhoseRecordWasLostBeginsAnew() {
    fixture.migrator(change()).prepare();
    fixture.execute(
        """
        CREATE FUNCTION lose_next() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          DELETE FROM migrator.backfill;
          RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER lose AFTER UPDATE ON migrator.chunk
        FOR EACH ROW WHEN (NEW.finished AND NEW.id = 1) EXECUTE FUNCTION lose_next()
        """);
    fixture.reach(Phase.BACKFILL, change());
    assertThat(differences()).isEqualTo("0");
  }

  @Test
  void rowsThatMoveMeanwhileAreNotMissed() throws Exception {
    Migrator migrator = fixture.migrator(SMALL_RANGES, change());
    migrator.prepare();
    // Room in the first blocks, so that updated rows move to where the backfill has been already.
    fixture.execute("DELETE FROM t WHERE ctid < '(200,0)'", "VACUUM t");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger moves = new AtomicInteger();
    Thread mover =
        new Thread(
            () -> {
              long seen = -1;
              while (!stop.get()) {
                long cursor = cursor();
                if (cursor > seen) {
                  seen = cursor;
                  moves.incrementAndGet();
                  fixture.execute(
                      "UPDATE t SET other = other + 1 WHERE ctid = ANY (ARRAY(SELECT ctid FROM t TABLESAMPLE SYSTEM (2)))");
                }
              }
            });
    mover.start();
    try {
      migrator.start();
      awaitPhase(migrator, ID, Phase.BACKFILL);
    } finally {
      stop.set(true);
      mover.join();
    }
    assertThat(moves).as("times that rows moved").hasValueGreaterThan(10);
    assertThat(differences()).isEqualTo("0");
  }

  @Test
  void aLockedRowIsWaitedForWithoutHoldingOthersUp() throws SQLException {
    Migrator migrator = fixture.migrator(SETTINGS, change());
    migrator.prepare();
    try (Connection connection = fixture.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE t SET a = 'locked' WHERE a = 'value 39000'");
      migrator.start();
      await(() -> cursor() > 500, () -> "the ranges before the locked row");
      assertThat(migrator.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
      connection.commit();
    }
    awaitPhase(migrator, ID, Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
    assertThat(fixture.value("SELECT b FROM t WHERE a = 'locked'")).isEqualTo("locked");
  }

  @Test
  void pauseHoldsBetweenRangesAndResumeGoesOn() {
    Migrator migrator = fixture.migrator(SMALL_RANGES, change());
    migrator.prepare();
    migrator.start();
    await(() -> cursor() > 0, () -> "a first range");
    migrator.execute(ID, OperatorCommand.PAUSE);
    awaitState(migrator, ID, MigrationStatus.State.HELD);
    await(() -> migrator.status().leader() == null, () -> "the worker to rest");
    assertThat(differences()).isNotEqualTo("0");

    migrator.execute(ID, OperatorCommand.RESUME);
    awaitPhase(migrator, ID, Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
    assertThat(fixture.value("SELECT rows_done FROM migrator.backfill"))
        .as("no row is written twice")
        .isEqualTo("40000");
  }

  @Test
  void anEmptyTableTakesNoTimeAndIsVerified() {
    fixture.execute("TRUNCATE t");
    fixture.reach(Phase.SWITCH_READ, change().switchRead());
    assertThat(
            fixture.value("SELECT rows_verified || '/' || rows_differing FROM migrator.backfill"))
        .isEqualTo("0/0");
  }

  /** PEERS 9.10. */
  @Test
  void rowsThatHaveTheirValueAreNotWrittenAgain() {
    Migrator migrator = fixture.migrator(SETTINGS, change());
    migrator.prepare();
    fixture.execute("UPDATE t SET other = 1 WHERE ctid < '(100,0)'");
    long brought = Long.parseLong(fixture.value("SELECT count(*) FROM t WHERE b IS NOT NULL"));
    assertThat(brought).isPositive();
    migrator.start();
    awaitPhase(migrator, ID, Phase.BACKFILL);
    assertThat(fixture.value("SELECT rows_done FROM migrator.backfill"))
        .isEqualTo(String.valueOf(40000 - brought));
  }

  /**
   * The backfill must not run our own triggers: with a lossy transform they would change the old
   * side.
   */
  @Test
  void theOldSideIsNeverTouched() {
    fixture.reach(
        Phase.BACKFILL,
        Migration.define(ID)
            .table("t")
            .addColumn("b", "text")
            .dualWrite(
                Sync.of("a").with("b").compute("b", "upper(a)").compute("a", "lower(b) || '!'"))
            .backfill());
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a LIKE 'value %' AND b = upper(a)"))
        .isEqualTo("40000");
  }

  /** What the triggers did not see is found by the verification, and mended or reported. */
  @Test
  void theVerificationFindsWhatTheTriggersDidNotSee() {
    Migrator migrator = fixture.migrator(SETTINGS, change());
    migrator.prepare();
    fixture.execute(
        "ALTER TABLE t DISABLE TRIGGER USER",
        "UPDATE t SET b = 'wrong' WHERE a = 'value 7'",
        "ALTER TABLE t ENABLE TRIGGER USER");
    migrator.start();
    awaitPhase(migrator, ID, Phase.BACKFILL);
    assertThat(differences()).isEqualTo("0");
  }

  /** PEERS 9.5: a value that fails in one of the rows wipes nothing. */
  @Test
  void rowsWhoseTransformFailsHoldTheSwitch() {
    fixture.execute("UPDATE t SET a = CASE WHEN a = 'value 77' THEN 'many' ELSE '1' END");
    Migration.Backfilled cast =
        Migration.define(ID)
            .table("t")
            .addColumn("b", "integer")
            .dualWrite(Sync.of("a").with("b").compute("b", "a::integer").compute("a", "b::text"))
            .backfill();
    Migrator migrator = fixture.migrator(SETTINGS, cast);
    migrator.prepare();
    migrator.start();
    awaitState(migrator, ID, MigrationStatus.State.FAILED);
    MigrationStatus status = migrator.status(ID).orElseThrow();
    assertThat(status.phase()).isEqualTo(Phase.DUAL_WRITE);
    assertThat(status.toString())
        .contains(
            "rows of public.t cannot be copied", "1 with SQLSTATE 22P02", "migrator.quarantine")
        .doesNotContain("many");

    fixture.execute("UPDATE t SET a = '77' WHERE a = 'many'");
    migrator.execute(ID, OperatorCommand.RETRY);
    awaitPhase(migrator, ID, Phase.BACKFILL);
    assertThat(fixture.value("SELECT sum(b) FROM t")).isEqualTo("40076");
  }

  @Test
  void switchReadIsRefusedWhenATriggerIsDisabled() {
    fixture.reach(Phase.BACKFILL, change());
    fixture.execute("ALTER TABLE t DISABLE TRIGGER USER");
    Migrator migrator = fixture.migrator(SETTINGS, change().switchRead());
    org.assertj.core.api.Assertions.assertThatExceptionOfType(
            dev.migrator.error.StepFailedException.class)
        .isThrownBy(migrator::prepare)
        .withMessageContaining("missing or disabled");
  }

  /** Passes that mend what differs must not hide that nothing keeps the sides in step. */
  @Test
  void thereIsNoVerificationWithoutTriggers() {
    Migrator migrator = fixture.migrator(SETTINGS, change());
    migrator.prepare();
    fixture.execute("ALTER TABLE t DISABLE TRIGGER USER");
    migrator.start();
    awaitState(migrator, ID, MigrationStatus.State.FAILED);
    assertThat(migrator.status(ID).orElseThrow().holds().get(0).message())
        .contains("missing or disabled");
  }

  /** The verification found rows that differ; whoever brought them over again was killed at it. */
  @Test
  void anotherLeaderGoesOnWithRowsThatTheVerificationFound() {
    fixture.reach(Phase.BACKFILL, change());
    fixture.execute(
        "UPDATE migrator.migration SET phase = 'DUAL_WRITE'",
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name = 'verify'",
        "UPDATE migrator.backfill SET verified_at = NULL, finished_at = NULL, work = 'COPY'",
        """
        INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                    window_block, next_block, blocks_done, rows_done, finished)
        SELECT migration_id, 't'::regclass, 'public.t', 't'::regclass::oid || ':' || pg_relation_filenode('t'), first, first + 1, first, first, done, 7 * done, done = 1
          FROM migrator.backfill, LATERAL (VALUES (0, 0), (blocks - 1, 1)) AS chunk (first, done)
        """);

    fixture.reach(Phase.BACKFILL, change());

    assertThat(differences()).isEqualTo("0");
    assertThat(
            fixture.value("SELECT rows_verified || '/' || rows_differing FROM migrator.backfill"))
        .isEqualTo("40000/0");
  }

  /** How far the verification is, and who works on it, as on the rows themselves. */
  @Test
  void theVerificationHasItsProgressToo() {
    fixture.reach(Phase.BACKFILL, change());
    assertThat(backfill().percentVerified()).isEqualTo(100);
    fixture.execute(
        "UPDATE migrator.migration SET phase = 'DUAL_WRITE'",
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name = 'verify'",
        "UPDATE migrator.backfill SET rows_verified = 0, verified_at = NULL, work = 'VERIFY', blocks = 800");
    assertThat(backfill().percentVerified()).as("nothing is left to do").isEqualTo(100);
    fixture.execute(
        """
        INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block, window_block,
                                    next_block, blocks_done, rows_done, rate, worker, finished, expires_at)
        SELECT 'backfill', 't'::regclass, 'public.t', 't'::regclass::oid || ':' || pg_relation_filenode('t'), first, first + 200, first, first, done, done * 10, rate,
               worker, finished, CASE WHEN finished THEN '-infinity' ELSE now() + interval '1 minute' END
          FROM (VALUES (0, 200, 0, 'a 1', true), (200, 100, 30, 'a 1', false), (400, 100, 20, 'b 1', false))
            AS chunk (first, done, rate, worker, finished)
        """,
        """
        INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block, window_block, next_block)
        VALUES ('backfill', 't'::regclass, 'public.t', 't'::regclass::oid || ':' || pg_relation_filenode('t'), 600, 800, 600, 600)
        """);

    BackfillStatus status = backfill();

    assertThat(status.percent()).isEqualTo(100);
    assertThat(status.percentVerified()).isEqualTo(50);
    assertThat(status.rowsVerified()).isEqualTo(4000);
    assertThat(status.rowsPerSecond()).isEqualTo(50);
    assertThat(status.eta()).isEqualTo(Duration.ofSeconds(80));
    assertThat(status.workers())
        .extracting(it -> it.name() + " " + it.rowsDone() + " " + it.rowsPerSecond())
        .containsExactly("a 1 3000 30.0", "b 1 1000 20.0");
  }

  private BackfillStatus backfill() {
    return Objects.requireNonNull(fixture.migrator(change()).status(ID).orElseThrow().backfill());
  }

  /** VACUUM FULL or CLUSTER may move a row from a block that is to come into one that is done. */
  @Test
  void aRewriteOfTheTableMakesTheVerificationBeginAnew() {
    fixture.reach(Phase.BACKFILL, change());
    // As if a rewrite had come in the middle of the verification, and an old row had slipped behind
    // it.
    fixture.execute(
        "UPDATE migrator.migration SET phase = 'DUAL_WRITE'",
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name = 'verify'",
        "UPDATE migrator.backfill SET verified_at = NULL, verified = '{}', work = 'VERIFY'",
        """
        INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                    window_block, next_block)
        SELECT migration_id, 't'::regclass, 'public.t',
               't'::regclass::oid || ':' || pg_relation_filenode('t'), blocks - 1, blocks, blocks - 1, blocks - 1
          FROM migrator.backfill
        """,
        "ALTER TABLE t DISABLE TRIGGER USER",
        "UPDATE t SET b = NULL WHERE a = 'value 1'",
        "ALTER TABLE t ENABLE TRIGGER USER",
        "VACUUM FULL t");

    fixture.reach(Phase.BACKFILL, change());

    assertThat(differences()).isEqualTo("0");
  }
}
