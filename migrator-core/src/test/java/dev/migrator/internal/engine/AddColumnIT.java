package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.KEEPING;
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
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Columns with a default, NOT NULL, an identity or a comment on a table with rows. */
class AddColumnIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE \"Item\" (id int PRIMARY KEY, note text)",
        "INSERT INTO \"Item\" SELECT n, 'n' || n FROM generate_series(1, 3000) n",
        "CREATE SEQUENCE numbers",
        "CREATE DOMAIN positive AS int CHECK (value > 0)",
        "CREATE TABLE nothing (id int)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static OnTable item() {
    return Migration.define("m").table("Item");
  }

  private String file() {
    return fixture.value("SELECT pg_relation_filenode('\"Item\"')");
  }

  /** What the code of an older release writes, which knows nothing of the column. */
  private void oldRelease(int id) {
    fixture.execute(
        "INSERT INTO \"Item\" (id, note) VALUES (%d, 'old')".formatted(id),
        "UPDATE \"Item\" SET note = note || '.' WHERE id = %d - 10000 OR id = %d"
            .formatted(id, id));
  }

  @Test
  void aConstantIsThereAtOnceAndRewritesNothing() {
    String before = fixture.catalog();
    String file = file();
    Migration add =
        item()
            .addColumn(
                "Status", "varchar(9)", it -> it.defaultValue("'open'").notNull().comment("It's"));
    run(fixture, add);
    assertThat(steps(fixture, add)).containsExactly("add-column");
    assertThat(file()).isEqualTo(file);
    assertThat(fixture.catalog())
        .contains("Item.Status character varying(9) not null  default 'open'")
        .contains("comment It's");
    oldRelease(10_001);
    fixture.execute("INSERT INTO \"Item\" (id, \"Status\") VALUES (10002, 'new')");
    assertThat(fixture.value("SELECT count(*) FROM \"Item\" WHERE \"Status\" = 'open'"))
        .isEqualTo("3001");
    undo(fixture, add);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aStableDefaultIsEvaluatedOnceForTheRowsThatAreThere() {
    String file = file();
    Migration add = item().addColumn("at", "timestamptz", it -> it.defaultValue("now()").notNull());
    run(fixture, add);
    assertThat(steps(fixture, add)).containsExactly("add-column");
    assertThat(file()).isEqualTo(file);
    oldRelease(10_001);
    assertThat(fixture.value("SELECT count(DISTINCT at) FROM \"Item\" WHERE id <= 3000"))
        .isEqualTo("1");
    assertThat(fixture.value("SELECT count(DISTINCT at) FROM \"Item\"")).isEqualTo("2");
  }

  @Test
  void aVolatileDefaultIsFilledRangeByRange() {
    String before = fixture.catalog();
    String file = file();
    Migration add =
        item().addColumn("number", "bigint", it -> it.defaultValue("nextval('numbers')").notNull());
    run(fixture, add);
    assertThat(steps(fixture, add))
        .startsWith("add-column", "fill-column", "verify-column")
        .hasSizeBetween(5, 6);
    assertThat(file()).isEqualTo(file);
    oldRelease(10_001);
    assertThat(fixture.value("SELECT count(DISTINCT number) FROM \"Item\"")).isEqualTo("3001");
    assertThat(fixture.catalog()).contains("Item.number bigint not null");

    Migrator migrator = fixture.migrator(KEEPING);
    migrator.start();
    migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL));
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(migrator.status("m")));
    migrator.close();
    oldRelease(10_003);
    assertThat(fixture.value("SELECT number IS NULL FROM \"Item\" WHERE id = 10003"))
        .isEqualTo("f");
    undo(fixture, add);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aColumnOfPartitionsIsFilledInAllOfThem() {
    fixture.execute(
        "CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (50)",
        "CREATE TABLE rest PARTITION OF parts DEFAULT",
        "INSERT INTO parts SELECT n FROM generate_series(1, 100) n");
    String before = fixture.catalog();
    Migration add =
        Migration.define("m")
            .table("parts")
            .addColumn("key", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull())
            .and()
            .table("parts")
            .addColumn("kind", "text", it -> it.defaultValue("'a'"));
    run(fixture, add);
    fixture.execute("INSERT INTO parts (id) VALUES (1000), (7)");
    assertThat(fixture.value("SELECT count(DISTINCT key) FROM parts WHERE kind = 'a'"))
        .isEqualTo("102");
    undo(fixture, add);
    assertThat(fixture.catalog()).isEqualTo(before);
    refusedAtStart(
        fixture,
        Migration.define("i").table("parts").addColumn("n", "bigint", it -> it.identity()),
        "is partitioned",
        "nextval");
  }

  @Test
  void anIdentityNeedsATableWithoutRows() {
    String before = fixture.catalog();
    refusedAtStart(
        fixture,
        item().addColumn("n", "bigint", it -> it.identity()),
        "has rows",
        "defaultValue(\"nextval('…')\")");
    Migration add =
        Migration.define("m").table("nothing").addColumn("n", "bigint", it -> it.identity());
    run(fixture, add);
    fixture.execute("INSERT INTO nothing (id) VALUES (1), (2)");
    assertThat(fixture.value("SELECT sum(n) FROM nothing")).isEqualTo("3");
    assertThat(fixture.catalog()).contains("nothing.n bigint not null d");
    undo(fixture, add);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void theServerDecidesWhatIsConstant() {
    fixture.execute(
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'",
        "CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 2; END'");
    String file = file();
    Migration both =
        item()
            .addColumn("a", "int", it -> it.defaultValue("one()"))
            .and()
            .table("Item")
            .addColumn("b", "int", it -> it.defaultValue("two()"))
            .and()
            .table("Item")
            .addColumn("c", "text[]", it -> it.defaultValue("ARRAY[random()::text]"));
    run(fixture, both);
    assertThat(steps(fixture, both))
        .contains("add-column", "add-column-2", "add-column-3", "fill-column-2", "fill-column-3")
        .doesNotContain("fill-column");
    assertThat(file()).isEqualTo(file);
    assertThat(fixture.value("SELECT count(*) FROM \"Item\" WHERE a = 1 AND b = 2"))
        .isEqualTo("3000");
    assertThat(fixture.value("SELECT count(DISTINCT c) FROM \"Item\"")).isEqualTo("3000");
  }

  @Test
  void badInputIsRefusedAtTheStart() {
    refusedAtStart(
        fixture,
        item().addColumn("note", "text", it -> it.comment("c")),
        "already has a column",
        "if no release uses it",
        "dropColumn(\"note\")");
    refusedAtStart(fixture, item().addColumn("n", "bigserial", it -> it), "identity()", "nextval");
    refusedAtStart(fixture, item().addColumn("n", "itn", it -> it), "itn");
    refusedAtStart(fixture, item().addColumn("ctid", "int", it -> it), "ctid");
    refusedAtStart(fixture, item().addColumn("n", "positive", it -> it), "domain");
    refusedAtStart(
        fixture, item().addColumn("n", "text", it -> it.identity()), "identity", "integer");
    refusedAtStart(fixture, item().addColumn("n", "int", it -> it.defaultValue("'x'")), "22P02");
    refusedAtStart(
        fixture, item().addColumn("n", "int", it -> it.defaultValue("id + 1")), "column reference");
    refusedAtStart(
        fixture, item().addColumn("n", "varchar(2)", it -> it.defaultValue("'long'")), "22001");
    refusedAtStart(
        fixture, item().addColumn("n", "int", it -> it.defaultValue("NULL").notNull()), "is NULL");
    refusedAtStart(
        fixture,
        Migration.define("m").table("No").addColumn("n", "int", it -> it),
        "there is no table");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> item().addColumn("n", "int", it -> it.notNull()))
        .withMessageContainingAll("\"n\"", "older release", "setNotNull");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> item().addColumn("n", "int", it -> it.identity().defaultValue("1")))
        .withMessageContaining("leave one of them out");
  }

  @Test
  void whatRanMustStayAsItIsAndGoesWhenNobodyNeedsIt() {
    Migration add = item().addColumn("n", "int", it -> it.defaultValue("1"));
    Migrator migrator = fixture.migrator(KEEPING, add);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.UNDO));
    migrator.close();
    fixture.migrator(item().addColumn("n", "INT", it -> it.defaultValue(" 1"))).prepare();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(item().addColumn("n", "int", it -> it.defaultValue("2")))
                    .prepare())
        .withMessageContaining("EXPAND was changed");
  }
}
