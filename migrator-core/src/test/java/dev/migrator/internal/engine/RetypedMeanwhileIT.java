package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.DualWrite;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody alters the type of a column, or grants it, while a change of it is under way. */
@Tag("server-version")
class RetypedMeanwhileIT {

  private static final Migration.Backfilled RENAMED =
      Migration.define("m").table("t").renameColumn("a", "b");

  private static final Migration.Expanded ADDED =
      Migration.define("m").table("t").addColumn("b", "text");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, '00' || n FROM generate_series(1, 100) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private String why(Migrator migrator) {
    Fixture.awaitState(migrator, "m", State.FAILED);
    return String.valueOf(migrator.status("m").orElseThrow().holds());
  }

  /** What keeps both sides in step depends on both columns, and the server knows it. */
  @Test
  void theServerRefusesItWhileTriggersAreThere() {
    fixture.reach(Phase.SWITCH_READ, ADDED.dualWrite("a", "b").backfill().switchRead());
    for (String column : new String[] {"a", "b"}) {
      assertThatThrownBy(
              () -> fixture.execute("ALTER TABLE t ALTER %s TYPE varchar(9)".formatted(column)))
          .hasStackTraceContaining("used in a trigger definition");
    }
  }

  @Test
  void withoutTriggersItIsFoundByTheLeader() {
    assertFound(ADDED.dualWrite("a", "b", DualWrite.byApplication()).backfill());
  }

  /** Somebody has taken the triggers away for it. */
  @Test
  void soItIsWhereTheTriggersWereDropped() {
    assertFound(ADDED.dualWrite("a", "b").backfill());
  }

  private void assertFound(Migration.Backfilled change) {
    fixture.reach(Phase.BACKFILL, change);
    fixture.execute(
        "DO $$ DECLARE g record; BEGIN FOR g IN SELECT tgname FROM pg_trigger WHERE tgrelid = 't'::regclass AND NOT tgisinternal LOOP EXECUTE format('DROP TRIGGER %I ON t', g.tgname); END LOOP; END $$",
        "ALTER TABLE t ALTER a TYPE int USING a::int");
    Migrator migrator = fixture.migrator(change);
    migrator.prepare();
    migrator.start();
    assertThat(why(migrator)).contains("MIG-1412", "\"a\" was text and is integer");
  }

  private static void undo(Migrator migrator, @Nullable Phase to) {
    migrator.execute("m", OperatorCommand.UNDO);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == to,
        () -> String.valueOf(migrator.status("m")));
  }

  @Test
  void beforeTheTriggersTheChangeIsBegunAnew() {
    Migrator migrator = fixture.migrator(RENAMED);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    undo(migrator, Phase.DUAL_WRITE);
    undo(migrator, Phase.EXPAND);
    fixture.execute("ALTER TABLE t ALTER a TYPE int USING a::int");
    migrator.execute("m", OperatorCommand.RESUME);
    assertThat(why(migrator)).contains("MIG-1412", "is integer by now", "made as text");
    undo(migrator, null);
    migrator.execute("m", OperatorCommand.RESUME);
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT pg_typeof(b) FROM t WHERE id = 1")).isEqualTo("integer");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = a")).isEqualTo("100");
  }

  @Test
  void aGrantOnTheOldColumnHoldsTheContract() {
    Migration.ReadSwitched change = ADDED.dualWrite("a", "b").backfill().switchRead();
    fixture.reach(Phase.SWITCH_READ, change);
    fixture.execute("GRANT SELECT (a) ON t TO pg_monitor");
    Migrator migrator = fixture.migrator(Fixture.AUTO, change.dropColumn("a"));
    migrator.prepare();
    migrator.start();
    assertThat(why(migrator)).contains("MIG-1401", "the grants on column a");
    fixture.execute(
        "REVOKE SELECT (a) ON t FROM pg_monitor", "GRANT SELECT (b) ON t TO pg_monitor");
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    assertThat(fixture.value("SELECT has_column_privilege('pg_monitor', 't', 'b', 'SELECT')"))
        .isEqualTo("t");
  }

  /** Dropping its index would leave published updates without an identity. */
  @Test
  void aReplicaIdentityOfTheOldColumnHoldsTheContract() {
    fixture.execute(
        "CREATE TABLE u (id int PRIMARY KEY, a text NOT NULL CONSTRAINT one UNIQUE)",
        "INSERT INTO u VALUES (1, 'x')");
    Migration.ReadSwitched change =
        Migration.define("u").table("u").renameColumn("a", "b").switchRead();
    fixture.reach(Phase.SWITCH_READ, change);
    fixture.execute("ALTER TABLE u REPLICA IDENTITY USING INDEX one");
    Migrator whole = fixture.migrator(Fixture.AUTO, change.dropColumn("a"));
    whole.prepare();
    whole.start();
    Fixture.await(
        () -> whole.status("u").orElseThrow().holds().toString().contains("constraint one"),
        () -> String.valueOf(whole.status("u")));
    fixture.execute("UPDATE u SET b = 'y'", "ALTER TABLE u REPLICA IDENTITY DEFAULT");
    whole.execute("u", OperatorCommand.RETRY);
    Fixture.awaitPhase(whole, "u", Phase.CONTRACT);
  }
}
