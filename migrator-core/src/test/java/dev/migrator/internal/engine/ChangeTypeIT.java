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
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wider types, on a table with rows and indexes. */
class ChangeTypeIT {

  private static final String FILES =
      "SELECT string_agg(oid::regclass || ':' || pg_relation_filenode(oid), ' ' ORDER BY relname) FROM pg_class WHERE relname = 'Item' OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = '\"Item\"'::regclass)";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE DOMAIN small AS varchar(20) CHECK (length(value) < 10)",
        "CREATE DOMAIN plain AS int",
        "CREATE TABLE \"Item\" (id int PRIMARY KEY, \"Name\" varchar(10) DEFAULT 'x', code varchar(5) COLLATE \"C\" UNIQUE, price numeric(8,2), at timestamp(3), bits bit(4), net cidr, word small, n int, lower varchar(10), checked varchar(10) CHECK (checked <> ''), seen varchar(10), of_oid oid, no int GENERATED ALWAYS AS IDENTITY)",
        "CREATE INDEX by_name ON \"Item\" (\"Name\", price)",
        "CREATE INDEX by_lower ON \"Item\" (lower(lower))",
        "CREATE VIEW seeing AS SELECT seen FROM \"Item\"",
        "INSERT INTO \"Item\" (id, \"Name\", code, price, at, bits, net, word, n) SELECT x, 'n' || x, 'c' || x, x, now(), B'1010', '10.0.0.0/8', 'w', x FROM generate_series(1, 2000) x",
        "ANALYZE \"Item\"");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration change(String column, String type) {
    return Migration.define("m-" + column).table("Item").changeType(column, type);
  }

  private static OnTable item() {
    return Migration.define("m").table("Item");
  }

  @Test
  void aWiderTypeRewritesNeitherTheTableNorAnIndex() {
    String before = fixture.catalog();
    String files = fixture.value(FILES);
    String[][] changes = {
      {"Name", "varchar(80)", "character varying(80)"},
      {"code", "text", "text"},
      {"price", "numeric(12,2)", "numeric(12,2)"},
      {"at", "timestamp", "timestamp without time zone"},
      {"bits", "varbit", "bit varying"},
      {"net", "inet", "inet"},
      {"n", "plain", "plain"},
    };
    for (String[] it : changes) {
      Migration change = change(it[0], it[1]);
      run(fixture, change);
      assertThat(steps(fixture, change)).containsExactly("change-type", "analyze-column");
      assertThat(fixture.catalog()).contains("Item.%s %s ".formatted(it[0], it[2]));
      assertThat(fixture.value(FILES)).as(it[0]).isEqualTo(files);
      assertThat(
              fixture.value(
                  "SELECT count(*) FROM pg_stats WHERE tablename = 'Item' AND attname = '%s'"
                      .formatted(it[0])))
          .isEqualTo("1");
    }
    fixture.execute(
        "INSERT INTO \"Item\" (id, \"Name\", code, price) VALUES (10001, 'short', 'old', 1)",
        "INSERT INTO \"Item\" (id, price) VALUES (10002, 1000000.01)");
    assertThat(fixture.value("SELECT \"Name\" FROM \"Item\" WHERE id = 10002")).isEqualTo("x");
    fixture.execute("DELETE FROM \"Item\" WHERE id > 10000");
    for (String[] it : changes) {
      undo(fixture, change(it[0], it[1]));
    }
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aTypeThatItHasAlreadyIsLeftAlone() {
    String before = fixture.catalog();
    Migration change = change("Name", "varchar(10)");
    run(fixture, change);
    assertThat(steps(fixture, change)).isEmpty();
    undo(fixture, change);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void whatIsNotOnlyWiderIsRefused() {
    refusedAtStart(fixture, item().changeType("nome", "text"), "no column \"nome\"");
    refusedAtStart(fixture, item().changeType("Name", "txt"), "txt");
    refusedAtStart(fixture, item().changeType("Name", "varchar(5)"), "dualWrite(\"Name\"");
    refusedAtStart(fixture, item().changeType("Name", "char(20)"), "different kinds");
    refusedAtStart(fixture, item().changeType("n", "bigint"), "different kinds", "addColumn");
    refusedAtStart(fixture, item().changeType("of_oid", "int"), "different kinds");
    refusedAtStart(fixture, item().changeType("at", "timestamptz"), "different kinds");
    refusedAtStart(fixture, item().changeType("at", "timestamp(0)"), "write all rows");
    refusedAtStart(fixture, item().changeType("price", "numeric(12,3)"), "write all rows");
    refusedAtStart(fixture, item().changeType("Name", "small"), "domain");
    refusedAtStart(fixture, item().changeType("lower", "text"), "or an index");
    refusedAtStart(fixture, item().changeType("checked", "text"), "constraint Item_checked_check");
    refusedAtStart(fixture, item().changeType("seen", "text"), "view seeing");
    refusedAtStart(fixture, item().changeType("no", "plain"), "identity");
    fixture.execute("CREATE TABLE parts (id int, v varchar(5)) PARTITION BY RANGE (id)");
    refusedAtStart(
        fixture, Migration.define("m").table("parts").changeType("v", "text"), "is partitioned");
  }

  @Test
  void anUndoCutsNothing() {
    String before = fixture.catalog();
    Migration change = change("Name", "text");
    run(fixture, change);
    fixture.execute("UPDATE \"Item\" SET \"Name\" = 'much too long' WHERE id = 7");
    Migrator migrator = fixture.migrator(KEEPING);
    migrator.start();
    migrator.execute(change.id(), OperatorCommand.UNDO);
    Fixture.awaitState(migrator, change.id(), State.FAILED);
    assertThat(migrator.status(change.id()).orElseThrow().holds().get(0).message())
        .contains("1 rows of public.Item", "character varying(10) would cut")
        .doesNotContain("much");
    fixture.execute("UPDATE \"Item\" SET \"Name\" = 'short' WHERE id = 7");
    migrator.execute(change.id(), OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status(change.id()).orElseThrow().phase() == null,
        () -> String.valueOf(migrator.status(change.id())));
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void anUndoDoesNotRewriteALargeTable() {
    String before = fixture.catalog();
    fixture.execute(
        "ALTER TABLE \"Item\" ADD filler text",
        "ALTER TABLE \"Item\" ALTER filler SET STORAGE EXTERNAL",
        "UPDATE \"Item\" SET filler = repeat('x', 6000)");
    Migration change = change("Name", "text");
    run(fixture, change);
    Migrator migrator = fixture.migrator(KEEPING);
    migrator.start();
    migrator.execute(change.id(), OperatorCommand.UNDO);
    Fixture.awaitState(migrator, change.id(), State.FAILED);
    assertThat(migrator.status(change.id()).orElseThrow().holds().get(0).message())
        .contains("bytes of public.Item would be written anew", "ALTER TABLE");
    fixture.execute("ALTER TABLE \"Item\" ALTER \"Name\" TYPE varchar(10)");
    migrator.execute(change.id(), OperatorCommand.RETRY);
    Fixture.await(
        () -> migrator.status(change.id()).orElseThrow().phase() == null,
        () -> String.valueOf(migrator.status(change.id())));
    migrator.close();
    fixture.execute("ALTER TABLE \"Item\" DROP filler");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void whatRanMustStayAsItIsAndStaysWhileAReleaseNeedsIt() {
    Migration change = change("Name", "text");
    Migrator migrator = fixture.migrator(KEEPING, change);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, change.id(), Phase.EXPAND);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute(change.id(), OperatorCommand.UNDO));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(change("Name", "varchar(90)")).prepare())
        .withMessageContaining("EXPAND was changed");
  }
}
