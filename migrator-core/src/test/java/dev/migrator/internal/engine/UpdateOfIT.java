package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.TimedMigrators;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.Timings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The trigger that fires only for statements which name its columns misses none that changes one,
 * and costs others nothing.
 */
@Tag("server-version")
class UpdateOfIT {

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.DualWritten rename() {
    return Migration.define("m")
        .acknowledgeFunction("public.trimming")
        .table("t")
        .addColumn("b", "text")
        .dualWrite("a", "b");
  }

  private void table(String more) {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, other int NOT NULL DEFAULT 0" + more + ")");
  }

  private String row(int id) {
    return fixture.value("SELECT concat_ws('|', a, b) FROM t WHERE id = " + id);
  }

  /** The triggers of ours that an update calls, each with the number of its calls. */
  private List<String> called(String update) {
    return fixture.jdbc().sql("EXPLAIN (ANALYZE) " + update).query(String.class).list().stream()
        .filter(it -> it.startsWith("Trigger ~migrator_"))
        .map(it -> it.replaceAll(".*_(\\d_\\w+?)(?: on \\w+)?: .*calls=(\\d+)", "$1 $2"))
        .toList();
  }

  private boolean narrow() {
    return fixture
        .value(
            "SELECT bool_and(tgattr::text <> '') FROM pg_trigger WHERE tgname LIKE '%1\\_update\\_back'")
        .equals("t");
  }

  @Test
  void everyStatementThatChangesAColumnNamesIt() {
    fixture.execute("CREATE TABLE p (name text PRIMARY KEY)", "INSERT INTO p VALUES ('d'), ('x')");
    table("");
    fixture.execute(
        "ALTER TABLE t ALTER a SET DEFAULT 'd', ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p ON UPDATE CASCADE ON DELETE SET DEFAULT",
        "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 20) n");
    fixture.reach(Phase.BACKFILL, rename().backfill());
    assertThat(narrow()).isTrue();
    fixture.execute(
        "INSERT INTO p SELECT 'v' || n FROM generate_series(1, 30) n",
        "CREATE VIEW v AS SELECT id AS i, b AS c FROM t",
        "CREATE VIEW w AS SELECT id, upper(a) AS u FROM t",
        "CREATE RULE r AS ON UPDATE TO w DO INSTEAD UPDATE t SET a = NEW.u WHERE id = NEW.id",
        "CREATE VIEW x AS SELECT id, upper(a) AS u FROM t",
        "CREATE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE public.t SET b = NEW.u WHERE id = NEW.id; RETURN NEW; END $$",
        "CREATE TRIGGER instead INSTEAD OF UPDATE ON x FOR EACH ROW EXECUTE FUNCTION instead()",
        "CREATE TABLE parent (id int NOT NULL, b text)",
        "ALTER TABLE t INHERIT parent",
        "CREATE TABLE log (id int)",
        "CREATE TABLE touched (id int)",
        "CREATE RULE also AS ON INSERT TO log DO ALSO UPDATE t SET b = 'v9' WHERE id = NEW.id");

    fixture.execute(
        "UPDATE t SET a = 'v1' WHERE id = 1",
        "UPDATE t SET (other, b) = (SELECT 1, 'v2') WHERE id = 2",
        "INSERT INTO t (id, a) VALUES (3, 'v3') ON CONFLICT (id) DO UPDATE SET a = excluded.a",
        "INSERT INTO t (id, b) VALUES (4, 'v4') ON CONFLICT (id) DO UPDATE SET b = excluded.b",
        "UPDATE v SET c = 'v5' WHERE i = 5",
        "UPDATE w SET u = 'v6' WHERE id = 6",
        "UPDATE x SET u = 'v7' WHERE id = 7",
        "UPDATE parent SET b = 'v8' WHERE id = 8",
        "INSERT INTO log VALUES (9)",
        "WITH changed AS (UPDATE t SET a = 'v10' WHERE id = 10 RETURNING id) INSERT INTO touched SELECT id FROM changed",
        "UPDATE t SET a = DEFAULT WHERE id = 11",
        "UPDATE p SET name = 'renamed' WHERE name = 'v1'",
        "DELETE FROM p WHERE name = 'v2'");
    if (fixture.value("SHOW server_version_num").compareTo("150000") >= 0) {
      fixture.execute(
          "MERGE INTO t USING (VALUES (12)) AS s (id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET b = 'v12'");
      assertThat(row(12)).isEqualTo("v12|v12");
    }

    assertThat(row(1)).as("ON UPDATE CASCADE").isEqualTo("renamed|renamed");
    assertThat(row(2)).as("ON DELETE SET DEFAULT").isEqualTo("d|d");
    for (int id = 3; id <= 10; id++) {
      assertThat(row(id)).isEqualTo("v%d|v%d".formatted(id, id));
    }
    assertThat(row(11)).isEqualTo("d|d");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
  }

  @Test
  void aRowThatGoesToAnotherPartitionTakesBothSidesAlong() {
    fixture.execute(
        "CREATE TABLE t (id int, a text, other int NOT NULL) PARTITION BY RANGE (other)",
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 1)");
    fixture.reach(Phase.DUAL_WRITE, rename());
    assertThat(narrow()).isTrue();
    fixture.execute(
        "UPDATE t SET other = 11 WHERE id = 1", "UPDATE t SET other = 11, a = 'y' WHERE id = 2");
    assertThat(row(1)).isEqualTo("x|x");
    assertThat(row(2)).isEqualTo("y|y");
    fixture.execute("UPDATE t2 SET b = 'z' WHERE id = 1");
    assertThat(row(1)).isEqualTo("z|z");
  }

  /** Where the trigger is enabled for it, what a subscription applies is seen as well. */
  @Test
  void whatReplicationAppliesIsSeen() {
    try (TestServer server = TestServer.embedded(Map.of("wal_level", "logical"));
        TestDatabase source = server.newDatabase();
        TestDatabase target = server.newDatabase()) {
      JdbcClient publisher = JdbcClient.create(source.dataSource());
      JdbcClient subscriber = JdbcClient.create(target.dataSource());
      String table = "CREATE TABLE t (id int PRIMARY KEY, a text, other int)";
      publisher.sql(table).update();
      publisher.sql("INSERT INTO t VALUES (1, 'x', 1)").update();
      subscriber.sql(table).update();
      Migrator migrator =
          Fixture.builder(target.dataSource())
              .declare("bean", rename())
              .settings(Fixture.SETTINGS)
              .build();
      migrator.prepare();
      migrator.close();
      for (String trigger :
          subscriber
              .sql("SELECT quote_ident(tgname) FROM pg_trigger WHERE NOT tgisinternal")
              .query(String.class)
              .list()) {
        subscriber.sql("ALTER TABLE t ENABLE ALWAYS TRIGGER " + trigger).update();
      }
      publisher.sql("CREATE PUBLICATION changes FOR TABLE t").update();
      publisher
          .sql("SELECT pg_create_logical_replication_slot('changes', 'pgoutput')")
          .query((rs, row) -> row)
          .list();
      subscriber
          .sql(
              "CREATE SUBSCRIPTION changes CONNECTION 'host=%s port=%d dbname=%s user=%s password=%s' PUBLICATION changes WITH (create_slot = false, slot_name = 'changes')"
                  .formatted(
                      server.host(),
                      server.port(),
                      source.name(),
                      source.username(),
                      source.password()))
          .update();
      awaitValue(subscriber, "x|x");
      publisher.sql("UPDATE t SET a = 'y', other = 2").update();
      awaitValue(subscriber, "y|y");
      subscriber.sql("ALTER SUBSCRIPTION changes DISABLE").update();
      subscriber.sql("ALTER SUBSCRIPTION changes SET (slot_name = NONE)").update();
      subscriber.sql("DROP SUBSCRIPTION changes").update();
      Await.until(
          () ->
              publisher
                  .sql("SELECT count(*) FROM pg_replication_slots WHERE active")
                  .query(Long.class)
                  .single()
                  .equals(0L),
          () -> "the slot is still in use");
      publisher.sql("SELECT pg_drop_replication_slot('changes')").query((rs, row) -> row).list();
    }
  }

  private static void awaitValue(JdbcClient client, String value) {
    Await.until(
        () ->
            client
                .sql("SELECT concat_ws('|', a, b) FROM t")
                .query(String.class)
                .list()
                .equals(List.of(value)),
        () -> value + " has not arrived");
  }

  @Test
  void anUpdateThatNamesNoneCallsNoneAndTheCopiedRowsOfABackfillCallNone() {
    table("");
    fixture.execute("INSERT INTO t SELECT n, 'x' FROM generate_series(1, 10) n");
    fixture.reach(Phase.DUAL_WRITE, rename());
    assertThat(called("UPDATE t SET other = 1 WHERE id = 1"))
        .as("a row that is not copied yet")
        .containsExactly("2_update_forward 1");
    assertThat(row(1)).isEqualTo("x|x");
    assertThat(called("UPDATE t SET other = 2 WHERE id = 1")).isEmpty();
    assertThat(called("UPDATE t SET a = 'y' WHERE id = 1")).containsExactly("1_update_old 1");
    assertThat(called("UPDATE t SET b = 'y!' WHERE id = 1")).containsExactly("1_update_back 1");
    assertThat(row(1)).isEqualTo("y!|y!");
    assertThat(called("UPDATE t SET a = 'z' WHERE id = 0")).isEmpty();
    fixture.execute(
        "ALTER DATABASE %s SET track_functions = 'pl'".formatted(fixture.database().name()));
    fixture.reach(Phase.BACKFILL, rename().backfill());
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
    assertThat(
            fixture.value(
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE schemaname = 'migrator'"))
        .isEqualTo("0");
  }

  /** 2 MB are more than 250 blocks. */
  @Test
  void aLargeValueIsNotReadForAnUpdateOfAnotherColumn() {
    table("");
    fixture.execute(
        "ALTER TABLE t ALTER a SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT 1, repeat('0123456789abcdef', 131072)");
    fixture.reach(Phase.BACKFILL, rename().backfill());
    assertThat(blocks("UPDATE t SET other = other + 1")).isLessThan(60);
    assertThat(blocks("UPDATE t SET a = a || '!'")).isGreaterThan(250);
  }

  private long blocks(String update) {
    return fixture
        .jdbc()
        .sql("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + update)
        .query(String.class)
        .list()
        .stream()
        .filter(it -> it.contains("Buffers:"))
        .limit(1)
        .mapToLong(
            it ->
                java.util.regex.Pattern.compile("(?:hit|read)=(\\d+)")
                    .matcher(it)
                    .results()
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .sum())
        .sum();
  }

  @Test
  void eitherOfTheTwoThatIsGoneIsMissed() {
    table("");
    fixture.reach(Phase.BACKFILL, rename().backfill());
    String name =
        fixture.value("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%1\\_update\\_old'");
    fixture.execute("DROP TRIGGER \"%s\" ON t".formatted(name));
    Migrator migrator = fixture.migrator(Fixture.SETTINGS, rename().backfill().switchRead());
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(migrator::prepare)
        .withMessageContaining("missing or disabled: [" + name + "]");
  }

  private void trimming() {
    fixture.execute(
        "CREATE OR REPLACE FUNCTION trimming() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := lower(NEW.a); RETURN NEW; END $$",
        "CREATE TRIGGER trimming BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trimming()");
  }

  @Test
  void whereAnotherTriggerMayChangeTheRowItFiresOnEveryUpdate() {
    table("");
    trimming();
    fixture.execute("INSERT INTO t VALUES (1, 'UP'), (2, 'DOWN')");
    fixture.reach(Phase.DUAL_WRITE, rename());
    assertThat(narrow()).isFalse();
    fixture.execute(
        "ALTER TABLE t DISABLE TRIGGER trimming", "UPDATE t SET a = a || '!', b = a || '!'");
    fixture.execute("ALTER TABLE t ENABLE TRIGGER trimming", "UPDATE t SET other = 1");
    assertThat(row(1)).isEqualTo("up!|up!");
  }

  @Test
  void aTransformIsKeptInStepByBothForms() {
    Migration.DualWritten change =
        Migration.define("m")
            .table("t")
            .addColumn("b", "int")
            .dualWrite(
                Sync.of("a").with("b").compute("b", "length(a)").compute("a", "repeat('x', b)"));
    table("");
    fixture.execute("INSERT INTO t VALUES (1, 'xx'), (2, 'xxx')");
    fixture.reach(Phase.BACKFILL, change.backfill());
    fixture.execute("UPDATE t SET a = 'xxxx' WHERE id = 1", "UPDATE t SET b = 1 WHERE id = 2");
    assertThat(row(1) + " " + row(2)).isEqualTo("xxxx|4 x|1");
    assertThat(called("UPDATE t SET other = 1 WHERE id = 1")).isEmpty();
  }

  private Migrator lookingOften() {
    Timings timings =
        Fixture.TIMINGS.withBackground(
            Fixture.TIMINGS.background().withTriggers(Duration.ofMillis(100)));
    return fixture.started(
        TimedMigrators.with(timings, Migrator.builder(fixture.dataSource()))
            .settings(Fixture.SETTINGS)
            .declare("bean", rename().backfill()));
  }

  @Test
  void whenOneComesLaterOursAreMadeAnewAndTheRowsCopiedAgain() {
    table("");
    fixture.execute("INSERT INTO t SELECT n, 'UP' FROM generate_series(1, 100) n");
    fixture.reach(Phase.BACKFILL, rename().backfill());
    assertThat(narrow()).isTrue();
    trimming();
    fixture.execute("UPDATE t SET other = 1 WHERE id <= 10");
    assertThat(row(1)).as("missed").isEqualTo("up|UP");

    lookingOften();
    Await.until(
        () -> fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b").equals("0"),
        () -> "rows differ");
    assertThat(narrow()).isFalse();
    fixture.execute("UPDATE t SET other = 2");
    assertThat(row(20)).isEqualTo("up|up");
  }

  @Test
  void anInstanceAtRestLooksWhetherOneHasCome() {
    table("");
    fixture.execute("INSERT INTO t SELECT n, 'UP' FROM generate_series(1, 100) n");
    Migrator migrator = lookingOften();
    Fixture.awaitState(migrator, "m", MigrationStatus.State.REACHED);
    trimming();
    fixture.execute("UPDATE t SET other = 1 WHERE id <= 10");
    Await.until(() -> !narrow(), () -> "the trigger is as it was");
    Await.until(
        () -> fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b").equals("0"),
        () -> "rows differ");
  }

  @Test
  void whatWasMissedAfterReadsSwitchedHoldsTheContract() {
    table("");
    fixture.execute("INSERT INTO t SELECT n, 'UP' FROM generate_series(1, 100) n");
    fixture.reach(Phase.SWITCH_READ, rename().backfill().switchRead());
    trimming();
    fixture.execute("UPDATE t SET other = 1 WHERE id = 1");
    Migrator migrator =
        fixture.migrator(Fixture.AUTO, rename().backfill().switchRead().dropColumn("a"));
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, "m", MigrationStatus.State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().toString())
        .contains("1 rows")
        .contains("differ");
    assertThat(fixture.value("SELECT concat_ws('|', a, b) FROM t WHERE id = 1")).isEqualTo("up|UP");
    assertThat(narrow()).isFalse();
  }

  /** Of another change, only what has to do with the same columns counts. */
  @Test
  void ourOwnTriggersForOtherColumnsDoNotCount() {
    table(", c text");
    Migration.DualWritten other =
        Migration.define("n").table("t").addColumn("d", "text").dualWrite("c", "d");
    fixture.execute("INSERT INTO t VALUES (1, 'x')");
    fixture.reach(Phase.DUAL_WRITE, rename());
    fixture.reach(Phase.DUAL_WRITE, other, rename());
    assertThat(narrow()).isTrue();
    fixture.execute("UPDATE t SET a = 'y', d = 'z'");
    assertThat(fixture.value("SELECT concat_ws('|', a, b, c, d) FROM t")).isEqualTo("y|y|z|z");
  }
}
