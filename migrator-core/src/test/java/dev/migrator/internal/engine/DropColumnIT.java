package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.KEEPING;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.status.MigrationStatus.State;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Columns that nothing replaces. */
class DropColumnIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE \"Item\" (id int PRIMARY KEY, \"Fax\" text NOT NULL, note text, kind text NOT NULL DEFAULT 'k', once int UNIQUE, parent int REFERENCES parent, checked int CHECK (checked > 0), a int, b int, seen int, number int GENERATED ALWAYS AS IDENTITY)",
        "CREATE INDEX by_fax ON \"Item\" (lower(\"Fax\"))",
        "CREATE INDEX by_both ON \"Item\" (a, b)",
        "CREATE INDEX partly ON \"Item\" (b) WHERE seen > 0",
        "CREATE VIEW seeing AS SELECT seen FROM \"Item\"",
        "COMMENT ON COLUMN \"Item\".\"Fax\" IS 'fax'",
        "INSERT INTO \"Item\" (id, \"Fax\", note) SELECT n, 'f' || n, 'n' FROM generate_series(1, 2000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static OnTable item() {
    return Migration.define("m").table("Item");
  }

  private String fax(int id) {
    return fixture.value("SELECT \"Fax\" FROM \"Item\" WHERE id = %d".formatted(id));
  }

  private static void undoPhase(Migrator migrator, String id, Phase phase) {
    migrator.execute(id, OperatorCommand.undo(phase));
    awaitUndone(migrator, id, phase);
  }

  private static void awaitUndone(Migrator migrator, String id, Phase phase) {
    Fixture.await(
        () -> {
          Phase reached = migrator.status(id).orElseThrow().phase();
          return reached == null || !reached.includes(phase);
        },
        () -> String.valueOf(migrator.status(id)));
  }

  @Test
  void oldAndNewReleasesWriteBesideEachOtherUntilItGoes() {
    Migration drop = item().dropColumn("Fax");
    Migrator old = fixture.migrator();
    old.prepare();
    old.start();
    Migrator next =
        fixture.migrator(
            KEEPING.toBuilder().contract(it -> it.approved(Set.of("m"))).build(), drop);
    next.prepare();
    next.start();
    Fixture.awaitPhase(next, "m", Phase.SWITCH_READ);
    fixture.execute(
        "INSERT INTO \"Item\" (id, note) VALUES (10001, 'new')",
        "INSERT INTO \"Item\" (id, \"Fax\", note) VALUES (10002, 'f', 'old')");
    assertThat(fax(10_001) + fax(10_002)).isEqualTo("NULLf");
    assertThat(next.status("m").orElseThrow().holds().toString()).contains("instance-1");

    old.close();
    Fixture.awaitPhase(next, "m", Phase.CONTRACT);
    fixture.execute("INSERT INTO \"Item\" (id, note) VALUES (10003, 'new')");
    assertThat(fixture.catalog()).doesNotContain("Item.Fax");
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.migrator().prepare())
        .withMessageContainingAll("\"Fax\"", "Migration.completed");

    undoPhase(next, "m", Phase.CONTRACT);
    assertThat(fax(7) + fax(10_002) + fax(10_003)).isEqualTo("f7fNULL");
  }

  @Test
  void itIsDroppedWhenItsTimeIsOver() {
    fixture.reach(Phase.CONTRACT, item().dropColumn("Fax"));
    assertThat(fixture.catalog()).doesNotContain("Fax", "by_fax", "migrator_");
    assertThat(fixture.value("SELECT count(*) FROM \"Item\"")).isEqualTo("2000");
  }

  @Test
  void undoneTheCatalogIsAsBefore() {
    String before = fixture.catalog();
    String names =
        "SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint WHERE contype = 'n' AND conrelid = '\"Item\"'::regclass";
    String constraints = fixture.value(names);
    for (String column : new String[] {"Fax", "kind", "note", "number"}) {
      Migration drop = Migration.define("m-" + column).table("Item").dropColumn(column);
      run(fixture, drop);
      assertThat(steps(fixture, drop).contains("leave-column-out")).isEqualTo(column.equals("Fax"));
      assertThat(fixture.catalog()).doesNotContain("Item." + column);
      OperationLife.undo(fixture, drop);
      assertThat(fixture.catalog()).as(column).isEqualTo(before);
      assertThat(fixture.value(names)).isEqualTo(constraints);
    }
  }

  @Test
  void anUndoMeetsTheRowsThatWereWrittenWithoutIt() {
    String before = fixture.catalog();
    Migration drop = item().dropColumn("Fax");
    run(fixture, drop);
    fixture.execute("INSERT INTO \"Item\" (id) VALUES (10001)");
    Migrator declaring = fixture.migrator(KEEPING, drop);
    declaring.start();
    undoPhase(declaring, "m", Phase.CONTRACT);
    declaring.close();
    Migrator migrator = fixture.migrator(KEEPING);
    migrator.start();
    for (Phase phase : new Phase[] {Phase.SWITCH_READ, Phase.BACKFILL, Phase.DUAL_WRITE}) {
      undoPhase(migrator, "m", phase);
    }
    migrator.execute("m", OperatorCommand.undo(Phase.EXPAND));
    Fixture.awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("1 rows of public.Item were written without \"Fax\"");
    fixture.execute("UPDATE \"Item\" SET \"Fax\" = '' WHERE \"Fax\" IS NULL");
    migrator.execute("m", OperatorCommand.RETRY);
    awaitUndone(migrator, "m", Phase.EXPAND);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void whatDependsOnItIsRefused() {
    refusedAtStart(fixture, item().dropColumn("fax"), "no column \"fax\"", "Fax");
    refusedAtStart(fixture, item().dropColumn("id"), "constraint Item_pkey");
    refusedAtStart(fixture, item().dropColumn("once"), "constraint Item_once_key");
    refusedAtStart(fixture, item().dropColumn("parent"), "constraint Item_parent_fkey");
    refusedAtStart(fixture, item().dropColumn("checked"), "constraint Item_checked_check");
    refusedAtStart(fixture, item().dropColumn("a"), "index by_both");
    refusedAtStart(fixture, item().dropColumn("seen"), "index partly", "view seeing");
    fixture.execute(
        "CREATE DOMAIN given AS text NOT NULL",
        "CREATE TABLE parts (id int, v given, part text) PARTITION BY LIST (part)",
        "CREATE TABLE p PARTITION OF parts FOR VALUES IN ('x')",
        "CREATE INDEX of_p ON p (id)");
    refusedAtStart(fixture, Migration.define("m").table("parts").dropColumn("v"), "domain");
    refusedAtStart(
        fixture, Migration.define("m").table("parts").dropColumn("part"), "partitioned by part");
    refusedAtStart(fixture, Migration.define("m").table("parts").dropColumn("id"), "of_p");
  }

  @Test
  void aColumnOfPartitionsGoesFromAllOfThem() {
    fixture.execute(
        "CREATE TABLE parts (id int, v int NOT NULL) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (50)",
        "INSERT INTO parts SELECT n, n FROM generate_series(1, 40) n");
    String before = fixture.catalog();
    Migration drop = Migration.define("m").table("parts").dropColumn("v");
    run(fixture, drop);
    assertThat(fixture.catalog()).doesNotContain("low.v");
    OperationLife.undo(fixture, drop);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void whatRanMustStayAsItIs() {
    run(fixture, item().dropColumn("Fax"));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(item().dropColumn("note")).prepare())
        .withMessageContaining("was changed");
  }
}
