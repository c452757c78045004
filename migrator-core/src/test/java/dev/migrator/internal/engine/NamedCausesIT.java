package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.error.StepFailedException;
import dev.migrator.error.UnsupportedDatabaseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message names what is at fault, and not what is not. */
@Tag("server-version")
class NamedCausesIT {

  private static final Migration.Backfilled RENAME =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'v' || n FROM generate_series(1, 30000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** 30,000 rows, each refused: that is said by the first block of them. */
  @Test
  void aTriggerThatRefusesEveryUpdateIsNamedAtOnce() {
    fixture.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$",
        "CREATE TRIGGER append_only BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION append_only()");
    String message = OperationLife.refusal(fixture, RENAME);
    assertThat(message)
        .contains("append_only (append_only())", "withoutUserTriggers()", "not the transform");
    assertThat(fixture.value("SELECT count(*) < 1000 FROM migrator.quarantine")).isEqualTo("t");
  }

  @ParameterizedTest
  @CsvSource({
    "'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER silent BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()', silent (f())",
    "CREATE RULE silent AS ON UPDATE TO t DO INSTEAD NOTHING, rule silent"
  })
  void whatDropsTheUpdateIsNamed(String code, String named) {
    fixture.execute(code);
    assertThat(OperationLife.refusal(fixture, RENAME)).contains("30000 rows", named);
  }

  @Test
  void theTextOfAnEventTriggerIsShown() {
    fixture.execute(
        "CREATE FUNCTION frozen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF tg_tag = 'ALTER TABLE' THEN RAISE EXCEPTION 'no changes on Fridays'; END IF; END $$",
        "CREATE EVENT TRIGGER frozen ON ddl_command_start EXECUTE FUNCTION frozen()");
    // The library's own first table is altered as well; what it makes there comes before.
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> fixture.migrator(RENAME).prepare())
        .withStackTraceContaining("no changes on Fridays");
    fixture.execute("ALTER EVENT TRIGGER frozen DISABLE");
    fixture.reach(Phase.EXPAND, RENAME);
    fixture.execute(
        "ALTER EVENT TRIGGER frozen ENABLE",
        "CREATE OR REPLACE FUNCTION frozen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF tg_tag = 'COMMENT' THEN RAISE EXCEPTION 'no changes on Fridays'; END IF; END $$");
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(Migration.define("c").table("t").comment("id", "what it is"))
                    .prepare())
        .withMessageContaining("no changes on Fridays");
  }

  @Test
  void rowLevelSecurityIsCalledByItsName() {
    String owner = "owner_" + fixture.database().name();
    fixture.execute(
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(owner),
        "ALTER TABLE t OWNER TO " + owner,
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE t FORCE ROW LEVEL SECURITY",
        "GRANT ALL ON SCHEMA public TO " + owner,
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), '"
            + owner
            + "'); END $$");
    try (HikariDataSource pool = fixture.pool(2)) {
      pool.setUsername(owner);
      pool.setPassword("secret");
      assertThatExceptionOfType(UnsupportedDatabaseException.class)
          .isThrownBy(() -> fixture.migrator(pool, Fixture.SETTINGS, RENAME).prepare())
          .withMessageContainingAll("row-level security", owner);
    } finally {
      fixture.execute("DROP OWNED BY " + owner + " CASCADE");
    }
    fixture.execute("DROP ROLE " + owner);
  }
}
