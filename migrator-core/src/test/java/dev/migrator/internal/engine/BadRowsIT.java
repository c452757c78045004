package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
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
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PEERS 9.5, 9.6: rows that cannot be copied are listed and stop no other row. */
class BadRowsIT {

  private static final MigratorSettings SHOWING =
      SETTINGS.toBuilder().backfill(it -> it.showKeys(true)).build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, note text)",
        "INSERT INTO t SELECT n, n::text, 'ok' FROM generate_series(1, 60000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled cast() {
    return Migration.define("m")
        .table("t")
        .addColumn("b", "int")
        .dualWrite(Sync.of("a").with("b").compute("b", "a::int").compute("a", "b::text"))
        .backfill();
  }

  private BackfillStatus failed(Migrator migrator) {
    migrator.prepare();
    migrator.start();
    awaitState(migrator, "m", State.FAILED);
    return java.util.Objects.requireNonNull(migrator.status("m").orElseThrow().backfill());
  }

  @Test
  void allOthersAreCopiedAndRetryTakesThemAgain() {
    fixture.execute("UPDATE t SET a = 'secret ' || id WHERE id IN (1, 2, 30000, 60000)");
    Migrator migrator = fixture.migrator(SHOWING, cast());

    BackfillStatus status = failed(migrator);

    assertThat(status.badRows()).isEqualTo(4);
    assertThat(status.badRowKeys())
        .containsExactlyInAnyOrder(
            "id=1 (SQLSTATE 22P02)",
            "id=2 (SQLSTATE 22P02)",
            "id=30000 (SQLSTATE 22P02)",
            "id=60000 (SQLSTATE 22P02)");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text = a")).isEqualTo("59996");
    assertThat(migrator.status("m").toString()).doesNotContain("secret");
    assertThat(migrator.status("m").orElseThrow().holds().toString())
        .as("no key, but how to find it")
        .contains("4 with SQLSTATE 22P02", "FROM migrator.quarantine WHERE migration_id = 'm'")
        .doesNotContain("30000");
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);

    fixture.execute("UPDATE t SET a = id::text WHERE id IN (1, 2, 30000)");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().holds().toString().contains("1 with SQLSTATE"),
        () -> "one row to be left, but it is " + migrator.status("m"));
    assertThat(migrator.status("m").orElseThrow().backfill().badRowKeys())
        .containsExactly("id=60000 (SQLSTATE 22P02)");

    fixture.execute("DELETE FROM t WHERE id = 60000");
    migrator.execute("m", OperatorCommand.RETRY);
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text = a")).isEqualTo("59999");
    assertThat(migrator.status("m").orElseThrow().backfill().badRows()).isZero();
  }

  /** Keys are data, so nothing but the table has them unless somebody asks for it. */
  @Test
  void keysAreShownOnlyIfAskedFor() {
    fixture.execute("UPDATE t SET a = 'secret' WHERE id = 30000");
    Migrator migrator = fixture.migrator(cast());
    BackfillStatus status = failed(migrator);
    assertThat(status.badRows()).isEqualTo(1);
    assertThat(migrator.status("m").toString()).doesNotContain("30000", "secret");
    assertThat(fixture.value("SELECT key FROM migrator.quarantine")).isEqualTo("id=30000");
  }

  /** It was NOT VALID, so such rows may be there, but none may be written. */
  @Test
  void aRowThatBreaksACheckOfAnotherColumnIsListed() {
    fixture.execute(
        "UPDATE t SET note = 'bad' WHERE id = 777",
        "ALTER TABLE t ADD CONSTRAINT good CHECK (note = 'ok') NOT VALID");
    Migrator migrator = fixture.migrator(SHOWING, cast());

    assertThat(failed(migrator).badRowKeys()).containsExactly("id=777 (SQLSTATE 23514)");

    fixture.execute("UPDATE t SET note = 'ok' WHERE id = 777");
    migrator.execute("m", OperatorCommand.RETRY);
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text = a")).isEqualTo("60000");
  }

  /** What is checked at the commit, too, is at the fault of one row. */
  @Test
  void aRowThatIsRefusedAtTheEndOfTheTransactionIsListed() {
    fixture.execute(
        "CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 777 THEN RAISE 'no'; END IF; RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER guard AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard()");
    Migrator migrator = fixture.migrator(SHOWING, cast());

    assertThat(failed(migrator).badRowKeys()).containsExactly("id=777 (SQLSTATE P0001)");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text = a")).isEqualTo("59999");
  }

  /** A function of the user may raise any code, and a subquery may give two rows. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MY001 | RAISE EXCEPTION 'no' USING ERRCODE = 'MY001'",
        "21000 | RETURN (SELECT n FROM generate_series(1, 2) n)",
        "54000 | RAISE program_limit_exceeded"
      })
  void whateverErrorARowMeetsStopsNoOther(String state, String failing) {
    fixture.execute(
        "CREATE FUNCTION number(a text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF a = '777' THEN %s; END IF; RETURN a::int; END $$"
            .formatted(failing));
    Migration.Backfilled change =
        Migration.define("m")
            .table("t")
            .addColumn("b", "int")
            .dualWrite(Sync.of("a").with("b").compute("b", "number(a)").compute("a", "b::text"))
            .backfill();

    assertThat(failed(fixture.migrator(SHOWING, change)).badRowKeys())
        .containsExactly("id=777 (SQLSTATE %s)".formatted(state));
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text = a")).isEqualTo("59999");
  }

  /** Then it is the transform that is to be mended, and not the rows. */
  @Test
  void aTransformThatFailsOnAlmostEveryRowIsGivenUp() {
    fixture.execute("UPDATE t SET a = 'x' || id");
    Migrator migrator = fixture.migrator(cast());
    assertThat(failed(migrator).badRows()).isLessThan(11_000);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .startsWith("MIG-4006: step ")
        .contains("cannot be copied", "gave up")
        .doesNotContain("all others are");

    fixture.execute("UPDATE t SET a = id WHERE id > 3");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().holds().toString().contains("3 with SQLSTATE"),
        () -> "three rows to be left, but it is " + migrator.status("m"));
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b::text = a")).isEqualTo("59997");
  }
}
