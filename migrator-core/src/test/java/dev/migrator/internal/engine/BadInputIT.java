package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.MigratorException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.UnsupportedDatabaseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What cannot be carried out is refused before any DDL, by a message that says where and how to
 * mend it (PEERS 9.5; of a value that fails in some row, see {@link BackfillIT}).
 */
@Tag("server-version")
class BadInputIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text, age int, born date GENERATED ALWAYS AS ('2000-01-01'::date) STORED)",
        "CREATE DOMAIN short AS text CHECK (length(VALUE) < 5)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void refused(
      Class<? extends MigratorException> type, Migration migration, String... parts) {
    String before = fixture.catalog();
    assertThatExceptionOfType(type)
        .isThrownBy(() -> fixture.migrator(migration).prepare())
        .withMessageContainingAll(parts)
        .satisfies(it -> assertThat(it).hasMessageStartingWith(it.errorCode() + ": "));
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  private static Migration.DualWritten change(
      String table, String column, String type, String from) {
    return Migration.define("m").table(table).addColumn(column, type).dualWrite(from, column);
  }

  private static Migration.DualWritten computing(String forward) {
    return Migration.define("m")
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite(
            Sync.of("name")
                .with("full_name")
                .compute("full_name", forward)
                .compute("name", "full_name"));
  }

  @Test
  void unknownTable() {
    refused(
        InvalidMigrationException.class,
        change("people", "full_name", "text", "name"),
        "MIG-1101: migration \"m\" (bean \"m-bean\"): there is no table \"people\"; ",
        "\"m\"",
        "bean \"m-bean\"",
        "no table \"people\"",
        "spelling");
    refused(
        InvalidMigrationException.class,
        change("public.users", "full_name", "text", "name"),
        "table(\"public\", \"users\")");
    refused(
        InvalidMigrationException.class, change("Users", "full_name", "text", "name"), "literal");
  }

  @Test
  void unknownColumn() {
    refused(
        InvalidMigrationException.class,
        change("users", "full_name", "text", "nam"),
        "m-bean",
        "MIG-1102: ",
        "no column \"nam\"",
        "id, name, age");
  }

  @Test
  void existingColumnOfAnotherType() {
    refused(
        InvalidMigrationException.class,
        change("users", "age", "text", "name"),
        "m-bean",
        "MIG-1201: ",
        "already has a column \"age\" of type integer",
        "another name, or, if no release uses it",
        "dropColumn(\"age\")");
  }

  @Test
  void aColumnThatIsComputed() {
    refused(
        InvalidMigrationException.class, change("users", "b", "date", "born"), "generated column");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          people  | public.people is a view
          summary | public.summary is a materialized view
          remote  | public.remote is a foreign table
          numbers | public.numbers is a sequence
          by_id   | public.by_id is an index
          pair    | public.pair is a composite type
          parent  | public.parent has a parent or children by inheritance
          child   | public.child has a parent or children by inheritance
          nothing | there is no table "nothing"
          """)
  void whatIsNoTableOfItsOwn(String name, String reason) {
    fixture.execute(
        "CREATE VIEW people AS SELECT id FROM users",
        "CREATE MATERIALIZED VIEW summary AS SELECT id FROM users",
        "CREATE FOREIGN DATA WRAPPER nowhere",
        "CREATE SERVER far FOREIGN DATA WRAPPER nowhere",
        "CREATE FOREIGN TABLE remote (id int) SERVER far",
        "CREATE SEQUENCE numbers",
        "CREATE INDEX by_id ON users (id)",
        "CREATE TYPE pair AS (id int, other int)",
        "CREATE TABLE parent (id int)",
        "CREATE TABLE child () INHERITS (parent)");
    refused(InvalidMigrationException.class, change(name, "b", "int", "id"), "m-bean", reason);
    refused(
        InvalidMigrationException.class,
        Migration.define("m").table(name).addIndex("i").on("id"),
        "m-bean",
        reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          upper(nam)          | "nam" does not exist
          upper(age::text)    | "age" does not exist
          date_trunc('d', 1)  | does not exist
          nosuch(name)        | nosuch
          (SELECT n FROM (VALUES ('a', 'b')) v(n, m), (VALUES ('c')) w(n)) | ambiguous
          """)
  void badTransform(String transform, String reason) {
    refused(
        InvalidMigrationException.class,
        computing(transform),
        "m-bean",
        "transform of \"full_name\"",
        reason,
        "can use name (text)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          txet             | txet
          text NOT NULL    | syntax
          serial           | serial
          short            | domain with constraints
          """)
  void badType(String type, String reason) {
    refused(
        InvalidMigrationException.class,
        Migration.define("m").table("users").addColumn("b", type),
        "m-bean",
        reason);
  }

  /** Before anything reaches the server. */
  @Test
  void whatIsNotOneExpression() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> computing("upper(name"))
        .withMessageContaining("\"full_name\" is not one expression");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> Migration.define("m").table("users").addColumn("b", "text, x text"))
        .withMessageContaining("\"b\" is not one expression");
  }

  @Test
  void aTransformOfTheWrongType() {
    Migration wrong =
        Migration.define("m")
            .table("users")
            .addColumn("b", "integer")
            .dualWrite(
                Sync.of("name").with("b").compute("b", "name = 'x'").compute("name", "b::text"));
    refused(
        InvalidMigrationException.class,
        wrong,
        "m-bean",
        "transform of \"b\" (integer)",
        "boolean");
  }

  @Test
  void copiesThatDoNotFit() {
    refused(
        InvalidMigrationException.class,
        change("users", "b", "integer", "name"),
        "cannot be copied",
        "compute(");
  }

  @Test
  void twoMigrationsWithOneId() {
    Migration one = Migration.define("m").table("users").addColumn("b", "text");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                Fixture.builder(fixture.dataSource())
                    .declare("first", one)
                    .declare("second", one)
                    .build())
        .withMessageContainingAll("\"m\"", "\"first\"", "\"second\"");
  }

  @Test
  void aPhaseThatWasChangedAfterItRan() {
    fixture.reach(Phase.DUAL_WRITE, computing("upper(name)"));
    refused(
        InvalidMigrationException.class,
        computing("lower(name)"),
        "m-bean",
        "DUAL_WRITE was changed",
        "upper(name)",
        "lower(name)");
    refused(
        InvalidMigrationException.class,
        change("users", "other", "text", "name"),
        "EXPAND was changed",
        "{\"name\":\"full_name\",\"type\":\"text\"}",
        "{\"name\":\"other\",\"type\":\"text\"}");
    // Formatting is no change, and neither is a release that is not as far.
    fixture.migrator(computing("  upper(name)\n")).prepare();
    fixture.migrator(Migration.define("m").table("users").addColumn("full_name", "TEXT")).prepare();
  }

  @Test
  void aReleaseThatNeedsWhatIsGone() {
    fixture.reach(Phase.CONTRACT, computing("name").backfill().switchRead().dropColumn("name"));
    refused(
        NotReadyException.class, computing("name").backfill(), "m-bean", "BACKFILL", "dropColumn");
  }

  @Test
  void whatHangsOnTheOldColumn() {
    fixture.execute(
        "CREATE VIEW names AS SELECT name FROM users",
        "CREATE POLICY p ON users USING (name <> '')");
    refused(
        InvalidMigrationException.class,
        change("users", "b", "text", "name"),
        "view names",
        "policy p");
  }

  @Test
  void anotherKindOfDatabase() {
    DriverManagerDataSource h2 = new DriverManagerDataSource("jdbc:h2:mem:other");
    Migration migration = change("users", "b", "text", "name");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.migrator(h2, Fixture.SETTINGS, migration).prepare())
        .withMessageContainingAll("the database is H2", "PostgreSQL 14", "migrator.enabled=false");
    fixture.migrator(h2, Fixture.SETTINGS).prepare();
  }

  @Test
  void missingPrivileges() {
    fixture.execute(
        "DROP ROLE IF EXISTS bad_input_app", "CREATE ROLE bad_input_app LOGIN PASSWORD 'x'");
    DriverManagerDataSource app =
        new DriverManagerDataSource(fixture.database().jdbcUrl(), "bad_input_app", "x");
    Migration migration = change("users", "b", "text", "name");

    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.migrator(app, Fixture.SETTINGS, migration).prepare())
        .withMessageContainingAll("bad_input_app", "GRANT CREATE ON DATABASE");

    fixture.execute(
        "GRANT CREATE ON DATABASE \"%s\" TO bad_input_app".formatted(fixture.database().name()));
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> fixture.migrator(app, Fixture.SETTINGS, migration).prepare())
        .withMessageContainingAll("m-bean", "does not own the table public.users");
    fixture.execute(
        "DROP SCHEMA migrator CASCADE",
        "REVOKE ALL ON DATABASE \"%s\" FROM bad_input_app".formatted(fixture.database().name()),
        "DROP ROLE bad_input_app");
  }
}
