package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database that no release has served from: a new laptop, a test, a new installation. */
class FreshDatabaseIT {

  /** By default a retired column is kept for a day. */
  private static final MigratorSettings KEEPING =
      AUTO.toBuilder().contract(it -> it.retention(Duration.ofDays(1))).build();

  private static final Migration FIRST = rename("1", "phone", "telephone");

  private static final Migration SECOND = rename("2", "telephone", "telephone_number");

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration rename(String id, String from, String to) {
    return Migration.define(id).table("t").renameColumn(from, to).switchRead().dropColumn(from);
  }

  @Test
  void aChainOfChangesOfOneColumnGoesThroughAtOnceAndKeepsNothing() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, phone text NOT NULL)");
    Migrator migrator = fixture.migrator(KEEPING, FIRST, SECOND);
    migrator.prepare();
    assertThat(columns()).as("before it serves").contains("telephone_number");
    migrator.start();
    awaitState(migrator, "2", State.COMPLETED);
    awaitState(migrator, "1", State.COMPLETED);
    assertThat(columns()).isEqualTo("id,telephone_number");
  }

  /** With rows that a script has loaded. */
  @Test
  void theChainGoesThroughWithRowsAsWell() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, phone text NOT NULL)",
        "INSERT INTO t VALUES (1, '0')");
    Migrator migrator = fixture.migrator(KEEPING, FIRST, SECOND);
    migrator.prepare();
    migrator.start();
    Fixture.await(
        () -> migrator.status("2").orElseThrow().state() == State.HELD,
        () -> String.valueOf(migrator.status()));
    assertThat(fixture.value("SELECT telephone_number FROM t")).isEqualTo("0");
    assertThat(migrator.status("2").orElseThrow().holds().get(0).message()).contains("kept until");
  }

  @Test
  void theTargetShapeIsRecognized() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, telephone text NOT NULL)",
        "INSERT INTO t VALUES (1, '0')");
    String before = fixture.catalog();
    Migrator migrator = fixture.migrator(KEEPING, FIRST);
    migrator.prepare();
    migrator.start();
    awaitState(migrator, "1", State.COMPLETED);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT count(*) FROM migrator.step")).isEqualTo("0");
  }

  /** A release that still uses the old column cannot work there. */
  @Test
  void theTargetShapeIsRefusedForAReleaseThatReadsTheOldSide() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, telephone text NOT NULL)");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(Migration.define("1").table("t").renameColumn("phone", "telephone"))
                    .prepare())
        .withMessageContaining("no column \"phone\"");
  }

  /** Somebody dropped the old column in the middle of the change: its triggers are still there. */
  @Test
  void aChangeThatIsUnderWayIsNotTakenForOne() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, phone text)", "INSERT INTO t VALUES (1, '0')");
    fixture.reach(
        dev.migrator.Phase.SWITCH_READ,
        Migration.define("1").table("t").renameColumn("phone", "telephone").switchRead());
    fixture.execute("ALTER TABLE t DROP COLUMN phone CASCADE");
    Migrator migrator = fixture.migrator(KEEPING, FIRST);
    migrator.prepare();
    migrator.start();
    awaitState(migrator, "1", State.FAILED);
    assertThat(migrator.status("1").orElseThrow().holds().get(0).message())
        .contains("no column \"phone\"");
  }

  @Test
  void whatIsSaidToBeCompletedMustHaveBeenSeen() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, phone text)");
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.migrator(Migration.completed("1")).prepare())
        .withMessageContainingAll("\"1\"", "never seen");
  }

  private String columns() {
    return fixture.value(
        "SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped");
  }
}
