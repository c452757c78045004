package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** PEERS 9.11: the user's own triggers fire on what the backfill writes, or do not, as declared. */
@Tag("server-version")
class UserTriggerIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, updated_at timestamptz NOT NULL DEFAULT '2020-01-01')",
        "CREATE TABLE audit (id int)",
        "INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 1000) n",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$",
        "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.audit VALUES (NEW.id); RETURN NULL; END $$",
        "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()",
        "CREATE TRIGGER audit AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION audit()");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled change() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private String traces() {
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
    return fixture.value(
        "SELECT (SELECT count(*) FROM t WHERE updated_at > '2020-01-01') || ' ' || (SELECT count(*) FROM audit)");
  }

  @Test
  void theyFireAsOnAnyOtherWrite() {
    fixture.reach(Phase.BACKFILL, change());
    assertThat(traces()).isEqualTo("1000 1000");
  }

  @Test
  void theyDoNotFireWhereSaidSoAndTheSettingStaysOnNoConnection() {
    fixture.reach(Phase.BACKFILL, change().withoutUserTriggers());
    assertThat(traces()).isEqualTo("0 0");

    fixture.execute("UPDATE t SET a = 'new' WHERE id = 1");
    assertThat(traces()).as("writes of the application").isEqualTo("1 1");
    assertThat(fixture.value("SELECT b FROM t WHERE id = 1")).isEqualTo("new");
  }

  /** A change of every row is told to consumers of changes as well, and to whom that matters. */
  @Test
  void theRowsDoneAreAsManyAsTheEventsThatAConsumerOfChangesGets() {
    try (TestServer server = TestServer.embedded(Map.of("wal_level", "logical"));
        TestDatabase database = server.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE t (id int PRIMARY KEY, a text)").update();
      jdbc.sql("INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 1000) n").update();
      jdbc.sql("CREATE PUBLICATION changes FOR TABLE t").update();
      jdbc.sql("SELECT pg_create_logical_replication_slot('consumer', 'pgoutput')")
          .query(String.class)
          .single();
      Migrator migrator =
          Fixture.builder(database.dataSource())
              .declare("bean", change())
              .settings(
                  Fixture.SETTINGS.toBuilder()
                      .safety(it -> it.replicationAllowed(java.util.Set.of("m")))
                      .build())
              .build();
      migrator.prepare();
      // The first ten are copied by this.
      jdbc.sql("UPDATE t SET a = a || '!' WHERE id <= 10").update();
      migrator.start();
      Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
      migrator.close();
      // Only what is flushed can be peeked at, and the test's server commits without waiting for
      // it.
      jdbc.sql("CHECKPOINT").update();
      long events =
          jdbc.sql(
                  """
                  SELECT count(*) FROM pg_logical_slot_peek_binary_changes(
                      'consumer', NULL, NULL, 'proto_version', '1', 'publication_names', 'changes')
                   WHERE get_byte(data, 0) = ascii('U')
                  """)
              .query(Long.class)
              .single();
      assertThat(migrator.status("m").orElseThrow().backfill().rowsDone())
          .isEqualTo(events - 10)
          .isEqualTo(990);
    }
  }

  /** It is how the rows are written, and not what becomes of them. */
  @Test
  void itIsNoOtherChangeByThat() {
    fixture.reach(Phase.BACKFILL, change());
    fixture.reach(Phase.SWITCH_READ, change().withoutUserTriggers().switchRead());
  }

  @Test
  void aRoleWithoutTheRightIsRefusedBeforeAnythingIsDone() {
    fixture.execute(
        "DROP ROLE IF EXISTS without_the_right",
        "CREATE ROLE without_the_right LOGIN PASSWORD 'secret'",
        "ALTER TABLE t OWNER TO without_the_right",
        "GRANT ALL ON SCHEMA public TO without_the_right",
        "GRANT ALL ON audit TO without_the_right",
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO without_the_right', current_database()); END $$");
    boolean grantable =
        fixture.value("SELECT current_setting('server_version_num')::int >= 150000").equals("t");
    HikariDataSource pool = fixture.pool(2);
    pool.setUsername("without_the_right");
    pool.setPassword("secret");
    Migration migration = change().withoutUserTriggers();
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.migrator(pool, Fixture.SETTINGS, migration).prepare())
        .withMessageContainingAll("m-bean", "withoutUserTriggers()", "without_the_right")
        .withMessageContaining(
            grantable ? "GRANT SET ON PARAMETER session_replication_role" : "superuser");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'b'"))
        .isEqualTo("0");
    if (grantable) {
      fixture.execute("GRANT SET ON PARAMETER session_replication_role TO without_the_right");
      var migrator = fixture.migrator(pool, Fixture.SETTINGS, migration);
      migrator.prepare();
      migrator.start();
      Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
      assertThat(traces()).isEqualTo("0 0");
    }
  }
}
