package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.KEEPING;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnDelete;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.TableCreated;
import dev.migrator.TableName;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** A new table beside tables in use. */
class CreateTableIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void tables() {
    fixture.execute(
        "CREATE SCHEMA shop",
        "CREATE TYPE shop.state AS ENUM ('open', 'paid')",
        "CREATE TABLE shop.\"Customer\" (id bigint PRIMARY KEY, region int, UNIQUE (region, id))",
        "INSERT INTO shop.\"Customer\" SELECT n, n % 5 FROM generate_series(1, 10) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static TableCreated.ColumnDefined id() {
    return Migration.define("m").createTable("invoice").column("id", "bigint");
  }

  private static Migration full() {
    return Migration.define("m")
        .createTable("shop", "In voice")
        .column("id", "bigint")
        .identity()
        .comment("it's the number")
        .column("Number", "int")
        .identityAlways()
        .column("customer_id", "bigint")
        .notNull()
        .column("region", "int")
        .column("previous", "bigint")
        .column("state", "shop.state")
        .notNull()
        .defaultTo("'open'")
        .column("created_at", "timestamptz")
        .notNull()
        .defaultTo("now()")
        .column("token", "uuid")
        .defaultTo("gen_random_uuid()")
        .column("price", "numeric(12,2)")
        .primaryKey("id")
        .unique("one token", "token", "region")
        .check("price positive", "price > 0 AND \"Number\" > 0")
        .foreignKey("to customer", "customer_id", "region")
        .references(new TableName("shop", "Customer"), "id", "region")
        .onDelete(OnDelete.CASCADE)
        .foreignKey("to previous", "previous")
        .references(new TableName("shop", "In voice"), "id")
        .tableComment("what \\ 'we' sent");
  }

  private void undo() {
    Migrator operator = fixture.migrator(KEEPING);
    operator.start();
    operator.execute("m", OperatorCommand.UNDO);
    Fixture.await(
        () -> operator.status("m").orElseThrow().phase() == null,
        () -> String.valueOf(operator.status("m")));
    operator.close();
  }

  @Test
  void isCreatedWithAllOfItAndUndone() {
    String before = fixture.catalog();
    run(fixture, full());
    assertThat(steps(fixture, full())).containsExactly("create-table");
    assertThat(
            fixture.value(
                "SELECT obj_description('shop.\"In voice\"'::regclass) || col_description('shop.\"In voice\"'::regclass, 1)"))
        .isEqualTo("what \\ 'we' sentit's the number");
    fixture.execute(
        "INSERT INTO shop.\"In voice\" (customer_id, region, price) VALUES (1, 1, 9.999)");
    assertThat(
            fixture.value(
                "SELECT id || ' ' || \"Number\" || ' ' || state || ' ' || price || ' ' || (token IS NOT NULL) FROM shop.\"In voice\""))
        .isEqualTo("1 1 open 10.00 true");
    assertThat(
            fixture.value(
                "SELECT string_agg(pg_get_constraintdef(oid), '; ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'shop.\"In voice\"'::regclass AND contype <> 'n'"))
        .contains(
            "PRIMARY KEY (id)",
            "UNIQUE (token, region)",
            "FOREIGN KEY (customer_id, region) REFERENCES shop.\"Customer\"(id, region) ON DELETE CASCADE",
            "FOREIGN KEY (previous) REFERENCES shop.\"In voice\"(id)",
            "CHECK (((price > (0)::numeric) AND (\"Number\" > 0)))");
    fixture.execute("DELETE FROM shop.\"Customer\" WHERE id = 1");
    assertThat(fixture.value("SELECT count(*) FROM shop.\"In voice\"")).isEqualTo("0");
    undo();
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** A release that uses the table does not serve before it is there. */
  @Test
  void theReleaseThatDeclaresItFindsItWhenItServes() {
    Migrator oldRelease = fixture.migrator();
    oldRelease.prepare();
    oldRelease.start();
    Migrator newRelease = fixture.migrator(id().identity().primaryKey("id"));
    newRelease.prepare();
    fixture.execute("INSERT INTO invoice DEFAULT VALUES");
    // What the old release does.
    fixture.execute("INSERT INTO shop.\"Customer\" VALUES (11, 1)");
    newRelease.start();
    assertThat(newRelease.status("m").orElseThrow().state()).isEqualTo(State.REACHED);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> oldRelease.execute("m", OperatorCommand.UNDO))
        .withMessageContaining("read by");
  }

  @Test
  void rowsAreNotLostByAnUndo() {
    String before = fixture.catalog();
    run(fixture, id().identity());
    fixture.execute("INSERT INTO invoice DEFAULT VALUES");
    Migrator operator = fixture.migrator(KEEPING);
    operator.start();
    operator.execute("m", OperatorCommand.UNDO);
    Fixture.awaitState(operator, "m", State.FAILED);
    assertThat(operator.status("m").orElseThrow().holds().get(0).message())
        .contains("1 rows of public.invoice would be lost", "RETRY");
    assertThat(fixture.value("SELECT count(*) FROM invoice")).isEqualTo("1");
    fixture.execute("DELETE FROM invoice");
    operator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> operator.status("m").orElseThrow().phase() == null,
        () -> String.valueOf(operator.status("m")));
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** One that comes behind the count is found under the lock. */
  @Test
  void aRowWrittenDuringTheUndoIsNotLost() {
    run(fixture, id().identity());
    Migrator operator =
        fixture.migrator(
            new HookedDataSource(
                fixture.dataSource(),
                "LOCK TABLE \"public\".\"invoice\" IN ACCESS EXCLUSIVE",
                () -> fixture.execute("INSERT INTO invoice DEFAULT VALUES")),
            KEEPING);
    operator.start();
    operator.execute("m", OperatorCommand.UNDO);
    Fixture.awaitState(operator, "m", State.FAILED);
    assertThat(operator.status("m").orElseThrow().holds().get(0).message())
        .contains("rows of public.invoice would be lost");
    assertThat(fixture.value("SELECT count(*) > 0 FROM invoice")).isEqualTo("t");
  }

  @Test
  void oneThatIsThereIsLeftAloneIfItIsExactlyThis() {
    run(fixture, full());
    String there = fixture.catalog();
    fixture.execute("DROP SCHEMA migrator CASCADE");
    run(fixture, full());
    assertThat(steps(fixture, full())).isEmpty();
    undo();
    assertThat(fixture.catalog()).isEqualTo(there);

    fixture.execute("DROP SCHEMA migrator CASCADE");
    for (String change :
        new String[] {
          "ALTER COLUMN region SET NOT NULL",
          "ALTER COLUMN state SET DEFAULT 'paid'",
          "ADD COLUMN more int",
          "ALTER COLUMN price TYPE numeric(13,2)",
          "DROP CONSTRAINT \"to previous\"",
          "ADD CONSTRAINT more CHECK (region > 0)"
        }) {
      fixture.execute("ALTER TABLE shop.\"In voice\" " + change);
      refusedAtStart(fixture, full(), "shop.In voice is there already", "another definition");
      fixture.execute("DROP TABLE shop.\"In voice\"", "DROP SCHEMA IF EXISTS migrator CASCADE");
      run(fixture, full());
      fixture.execute("DROP SCHEMA migrator CASCADE");
    }
  }

  @Test
  void badInputIsRefusedBeforeAnythingIsDone() {
    fixture.execute(
        "CREATE VIEW viewed AS SELECT 1 AS id",
        "CREATE DOMAIN typed AS int",
        "CREATE TABLE parts (id int) PARTITION BY RANGE (id)");
    refusedAtStart(
        fixture, Migration.define("m").createTable("viewed").column("id", "int"), "a view");
    refusedAtStart(
        fixture, Migration.define("m").createTable("typed").column("id", "int"), "has a type");
    refusedAtStart(
        fixture,
        Migration.define("m").createTable("nowhere", "t").column("id", "int"),
        "no schema \"nowhere\"");
    refusedAtStart(fixture, id().column("a", "txt"), "\"txt\"", "not valid");
    refusedAtStart(fixture, id().column("a", "bigserial"), "identity()");
    refusedAtStart(fixture, id().column("a", "int NOT NULL"), "notNull()");
    refusedAtStart(fixture, id().column("a", "int").defaultTo("b"), "cannot be created");
    refusedAtStart(fixture, id().check("c", "ida > 0"), "\"ida\" does not exist");
    refusedAtStart(fixture, id().unique("viewed", "id"), "is taken");
    refusedAtStart(
        fixture, id().foreignKey("k", "id").references("nothing", "id"), "no table \"nothing\"");
    refusedAtStart(
        fixture,
        id().foreignKey("k", "id").references(new TableName("shop", "Customer"), "region"),
        "integer");
    refusedAtStart(
        fixture,
        id().column("r", "int")
            .foreignKey("k", "r")
            .references(new TableName("shop", "Customer"), "region"),
        "no unique key on [region]");
    refusedAtStart(
        fixture, id().foreignKey("k", "id").references("invoice", "id"), "no unique key");
    refusedAtStart(
        fixture,
        id().column("p", "int").foreignKey("k", "p").references("parts", "id"),
        "is partitioned");
  }

  @Test
  void whatDoesNotFitItselfIsNoMigration() {
    refuses("stands twice", () -> id().column("id", "int"));
    refuses("does not have", () -> id().primaryKey("no"));
    refuses("does not have", () -> id().unique("u", "no"));
    refuses("two constraints", () -> id().unique("u", "id").check("u", "id > 0"));
    refuses("empty", () -> id().column("a", " "));
    refuses("defaultTo(…) is empty", () -> id().defaultTo(" "));
    refuses("keep one", () -> id().identity().defaultTo("1"));
    refuses("same number", () -> id().foreignKey("k", "id").references("p", "a", "b"));
  }

  private static void refuses(String part, Runnable declaration) {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(declaration::run)
        .withMessageContaining(part);
  }

  @Test
  void itCannotBeChangedAfterItRan() {
    run(fixture, id().defaultTo("1"));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(id().defaultTo("2")).prepare())
        .withMessageContainingAll("EXPAND was changed", "\"1\"", "\"2\"");
    // Later changes are not a difference.
    Migration more = Migration.define("n").table("invoice").addColumn("more", "text");
    Migrator both = fixture.migrator(id().defaultTo("1"), more);
    both.prepare();
    assertThat(both.status("n").orElseThrow().phase()).isEqualTo(Phase.EXPAND);
  }

  /** What other migrations of the same release do with it waits until it is there. */
  @Test
  void otherMigrationsOfTheSameReleaseWaitForIt() {
    Migration index = Migration.define("i").table("invoice").addIndex("by_state").on("state");
    Migration line =
        Migration.define("l")
            .createTable("line")
            .column("invoice_id", "bigint")
            .notNull()
            .foreignKey("line_invoice", "invoice_id")
            .references("invoice", "id");
    Migration invoice = id().identity().column("state", "text").primaryKey("id");
    Migrator migrator = fixture.migrator(invoice, index, line);
    migrator.prepare();
    fixture.execute("INSERT INTO line SELECT id FROM invoice");
    assertThatExceptionOfType(DataIntegrityViolationException.class)
        .isThrownBy(() -> fixture.execute("INSERT INTO line VALUES (4711)"));
    migrator.start();
    Fixture.awaitPhase(migrator, "i", Phase.BACKFILL);
  }

  /** Two tables without a schema in one migration, each with what pins the search path. */
  @Test
  void severalTablesAreOneMigration() {
    String before = fixture.catalog();
    Migration two =
        id().identity()
            .primaryKey("id")
            .unique("once", "id")
            .and()
            .createTable("second")
            .column("state", "text")
            .unique("twice", "state")
            .and()
            .table("shop", "Customer")
            .addColumn("vip", "boolean");
    run(fixture, two);
    assertThat(steps(fixture, two))
        .containsExactly("create-table", "create-table-2", "add-columns-3");
    undo();
    assertThat(fixture.catalog()).isEqualTo(before);
  }
}
