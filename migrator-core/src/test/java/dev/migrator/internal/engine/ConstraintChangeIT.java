package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.steps;
import static dev.migrator.internal.engine.OperationLife.undo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Constraints, NOT NULL and names that go or change. */
class ConstraintChangeIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE \"Parent\" (id int PRIMARY KEY, code text CONSTRAINT parent_code UNIQUE)",
        "INSERT INTO \"Parent\" SELECT n, 'p' || n FROM generate_series(1, 50) n",
        "CREATE TABLE \"Item\" (id int PRIMARY KEY, \"Parent\" int, code text NOT NULL, region int, at tsrange, self int GENERATED ALWAYS AS IDENTITY,"
            + " CONSTRAINT \"Positive\" CHECK (id > 0), CONSTRAINT loose CHECK (region < 9),"
            + " CONSTRAINT once UNIQUE (code, region) INCLUDE (id) WITH (fillfactor = 80) DEFERRABLE INITIALLY DEFERRED,"
            + " CONSTRAINT code_once UNIQUE (code),"
            + " CONSTRAINT parent FOREIGN KEY (\"Parent\") REFERENCES \"Parent\" ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,"
            + " CONSTRAINT apart EXCLUDE USING gist (at WITH &&))",
        "INSERT INTO \"Item\" SELECT n, n, 'c' || n, n % 7 FROM generate_series(1, 50) n",
        "CREATE INDEX by_region ON \"Item\" (region)",
        "COMMENT ON CONSTRAINT \"Positive\" ON \"Item\" IS 'of the check'",
        "COMMENT ON CONSTRAINT once ON \"Item\" IS 'of the key'",
        "COMMENT ON INDEX once IS 'of the index'");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static OnTable item() {
    return Migration.define("m").table("Item");
  }

  /** Also the comments, and the names of NOT NULL constraints. */
  private String catalog() {
    return fixture.catalog()
        + fixture.value(
            "SELECT string_agg(conname::text || contype::text || coalesce(obj_description(oid, 'pg_constraint'), ''), '; ' ORDER BY conname) FROM pg_constraint WHERE conrelid = '\"Item\"'::regclass")
        + fixture.value("SELECT obj_description(to_regclass('once'), 'pg_class')");
  }

  private void doneAndUndone(Migration migration, String... steps) {
    String before = catalog();
    run(fixture, migration);
    assertThat(catalog()).isNotEqualTo(before);
    assertThat(steps(fixture, migration)).containsExactly(steps);
    undo(fixture, migration);
    assertThat(catalog()).isEqualTo(before);
  }

  /**
   * That rows which were written while the change was there hold its undo until they are mended.
   */
  private void undoWaitsForRows(Migration drop, String write, String refusal, String mend) {
    String before = catalog();
    Migrator migrator = fixture.migrator(drop);
    migrator.prepare();
    fixture.execute(write);
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.EXPAND);
    migrator.execute("m", OperatorCommand.UNDO);
    Fixture.awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message()).contains(refusal);
    fixture.execute(mend);
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == null,
        () -> String.valueOf(migrator.status("m")));
    migrator.close();
    assertThat(catalog()).isEqualTo(before);
  }

  @Test
  void aCheckIsDroppedAndMadeAgain() {
    Migration drop = item().dropCheck("Positive");
    doneAndUndone(drop, "drop-constraint");
    fixture.execute(
        "ALTER TABLE \"Item\" DROP CONSTRAINT loose",
        "ALTER TABLE \"Item\" ADD CONSTRAINT loose CHECK (region < 3) NOT VALID");
    doneAndUndone(Migration.define("n").table("Item").dropCheck("loose"), "drop-constraint");
  }

  /** The new release writes at once what the check forbade; an undo names those rows. */
  @Test
  void rowsOfTheNewReleaseHoldAnUndo() {
    undoWaitsForRows(
        item().dropCheck("loose"),
        "INSERT INTO \"Item\" (id, code, region) VALUES (100, 'new', 10)",
        "1 rows of public.Item violate the check \"loose\"",
        "DELETE FROM \"Item\" WHERE id = 100");
  }

  @Test
  void aUniqueConstraintIsDroppedAndMadeAgain() {
    doneAndUndone(item().dropConstraint("once"), "drop-constraint");
  }

  @Test
  void aForeignKeyIsDroppedAndMadeAgain() {
    doneAndUndone(item().dropConstraint("parent"), "drop-constraint");
  }

  /** The upsert of an older release needs its key as long as that release lives. */
  @Test
  void aKeyWaitsForOlderReleases() {
    String upsert =
        "INSERT INTO \"Item\" (id, code) VALUES (1000, 'c1') ON CONFLICT ON CONSTRAINT code_once DO UPDATE SET region = 1 RETURNING id";
    String before = catalog();
    Migration other = Migration.define("other").table("Parent").comment("a parent");
    Migration rename = item().renameConstraint("code_once", "item_code").inContract();
    Migrator old = fixture.migrator(other);
    old.prepare();
    old.start();
    Migrator migrator = OperationLife.held(fixture, other, rename);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("names the constraint \"code_once\"");
    assertThat(fixture.value(upsert)).isEqualTo("1");
    old.close();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    assertThat(fixture.value(upsert.replace("code_once", "item_code"))).isEqualTo("1");
    migrator.close();
    undo(fixture, rename);
    assertThat(catalog()).isEqualTo(before);
  }

  @Test
  void namesChangeAndComeBack() {
    doneAndUndone(item().renameConstraint("Positive", "more than 0"), "rename-constraint");
    doneAndUndone(
        Migration.define("f").table("Item").renameConstraint("parent", "of_parent"),
        "rename-constraint");
    doneAndUndone(
        Migration.define("i").table("Item").renameIndex("by_region", "By region"), "rename-index");
    fixture.execute("ALTER INDEX by_region RENAME TO there");
    Migration there = Migration.define("t").table("Item").renameIndex("by_region", "there");
    run(fixture, there);
    assertThat(steps(fixture, there)).isEmpty();
  }

  @Test
  void notNullGoesAndComesBack() {
    doneAndUndone(item().dropNotNull("code"), "drop-not-null");
    Migration none = Migration.define("none").table("Item").dropNotNull("region");
    run(fixture, none);
    assertThat(steps(fixture, none)).isEmpty();
  }

  @Test
  void nullsHoldTheUndoOfNotNull() {
    undoWaitsForRows(
        item().dropNotNull("code"),
        "INSERT INTO \"Item\" (id) VALUES (100)",
        "1 rows of public.Item have NULL in \"code\"",
        "UPDATE \"Item\" SET code = 'given' WHERE id = 100");
  }

  @Test
  void badInputIsRefused() {
    fixture.execute(
        "CREATE TABLE child (code text REFERENCES \"Parent\" (code))",
        "ALTER TABLE \"Item\" REPLICA IDENTITY USING INDEX \"Item_pkey\"");
    refusedAtStart(fixture, item().dropCheck("Postive"), "no constraint \"Postive\"", "Positive");
    refusedAtStart(fixture, item().dropCheck("once"), "dropConstraint(\"once\")");
    refusedAtStart(fixture, item().dropConstraint("Positive"), "dropCheck(\"Positive\")");
    refusedAtStart(fixture, item().dropConstraint("Item_pkey"), "primary key");
    refusedAtStart(fixture, item().dropConstraint("apart"), "exclusion");
    refusedAtStart(
        fixture,
        Migration.define("m").table("Parent").dropConstraint("parent_code"),
        "depend on",
        "child_code_fkey");
    refusedAtStart(fixture, item().renameConstraint("once", "twice"), "inContract()");
    refusedAtStart(fixture, item().renameConstraint("Positive", "loose"), "\"loose\" is taken");
    refusedAtStart(
        fixture,
        item().renameConstraint("once", "by_region").inContract(),
        "\"by_region\" is taken");
    refusedAtStart(fixture, item().renameConstraint("none", "some"), "no constraint \"none\"");
    refusedAtStart(fixture, item().renameIndex("once", "twice"), "renameConstraint");
    refusedAtStart(fixture, item().renameIndex("by_region", "child"), "\"child\" is taken");
    refusedAtStart(fixture, item().renameIndex("none", "some"), "no index \"none\"");
    refusedAtStart(fixture, item().renameIndex("Parent_pkey", "some"), "not an index of");
    refusedAtStart(fixture, item().dropNotNull("id"), "primary key");
    refusedAtStart(fixture, item().dropNotNull("self"), "identity");
    refusedAtStart(fixture, item().dropNotNull("none"), "no column");
  }

  @Test
  void anotherMeaningIsDrift() {
    run(fixture, item().dropCheck("Positive"));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(item().dropCheck("loose")).prepare())
        .withMessageContaining("EXPAND was changed");
  }
}
