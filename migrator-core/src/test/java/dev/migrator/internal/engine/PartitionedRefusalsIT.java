package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.DualWrite;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.MigrationStatus.State;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of partitioned tables, and what their rows hold. */
@Tag("server-version")
class PartitionedRefusalsIT extends PartitionedTable {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ANALYZE t | region | public.t is partitioned by region
          ANALYZE t | id     | public.t is partitioned by id
          ALTER TABLE high ALTER COLUMN a SET DEFAULT 'x' | a | the default of a of the partition public.high
          ALTER TABLE one ALTER COLUMN a SET NOT NULL | a | the NOT NULL of a of the partition public.one
          CREATE INDEX mine ON one (a) | a | index mine of the partition public.one
          ALTER TABLE one ADD CONSTRAINT mine CHECK (a <> '') | a | constraint mine on table one of the partition public.one
          CREATE VIEW v AS SELECT a FROM "Low" | a | of the partition public."Low"
          GRANT SELECT (a) ON two TO PUBLIC | a | the grants on a of the partition public.two
          CREATE TRIGGER "über" BEFORE INSERT ON one FOR EACH ROW EXECUTE FUNCTION f() | a | trigger über of the partition public.one
          CREATE TRIGGER g BEFORE UPDATE OF a ON one FOR EACH ROW EXECUTE FUNCTION f() | a | trigger g on table one of the partition public.one
          CREATE FOREIGN TABLE far PARTITION OF t FOR VALUES IN (77) SERVER nowhere | a | public.far is a foreign table
          CREATE UNIQUE INDEX everywhere ON t (a, id, region) | a | unique index everywhere
          """)
  void whatPartitionsHaveOfTheirOwnIsRefused(String sql, String column, String reason) {
    table();
    fixture.execute(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE FOREIGN DATA WRAPPER nothing",
        "CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing");
    fixture.execute(sql);
    String before = fixture.catalog();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(Migration.define("m").table("t").renameColumn(column, "fresh"))
                    .prepare())
        .withMessageContaining("m-bean")
        .withMessageContaining(reason);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void rowsOfPartitionsStandInTheWayOfAnOperation() {
    table();
    fixture.execute("UPDATE t SET a = NULL WHERE id = 501");
    for (Migration operation :
        List.of(
            Migration.define("m").table("t").setNotNull("a"),
            Migration.define("m2").table("t").addCheck("small", "id <> 502"))) {
      Migrator migrator = fixture.migrator(operation);
      migrator.prepare();
      migrator.start();
      awaitState(migrator, operation.id(), State.FAILED);
      assertThat(migrator.status(operation.id()).orElseThrow().holds().get(0).message())
          .contains("count-", "1 row");
      migrator.close();
    }
  }

  @Test
  void operationsThatDoNotAreRefused() {
    table();
    fixture.execute(
        "CREATE TABLE other (id int PRIMARY KEY, region int)",
        "CREATE TABLE keyed (id int PRIMARY KEY) PARTITION BY HASH (id)",
        "ALTER TABLE high ADD CONSTRAINT small CHECK (id < 9)  NOT VALID",
        "ALTER TABLE high ALTER COLUMN n SET NOT NULL");
    refused(
        Migration.define("m").table("t").addIndex("i").on("a").unique(), "public.t is partitioned");
    refused(Migration.define("m").table("t").addUnique("u", "id"), "public.t is partitioned");
    refused(
        Migration.define("m").table("t").addForeignKey("f", "id").references("other", "id"),
        "public.t is partitioned");
    refused(
        Migration.define("m").table("other").addForeignKey("f", "region").references("keyed", "id"),
        "public.keyed is partitioned");
    refused(
        Migration.define("m").table("t").addCheck("small", "id < 9"),
        "the constraint small of the partition public.high");
    refused(
        Migration.define("m").table("t").setNotNull("n"),
        "the NOT NULL of the partition public.high");
  }

  @Test
  void withoutTriggersItIsRefused() {
    table();
    refused(
        Migration.define("m")
            .table("t")
            .addColumn("b", "text")
            .dualWrite("a", "b", DualWrite.byApplication()),
        "public.t is partitioned, which byApplication() does not support");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "Low", "ranged"})
  void aPartitionAloneIsRefusedAndTheWholeIsNamed(String partition) {
    table();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(Migration.define("m").table(partition).renameColumn("a", "b"))
                    .prepare())
        .withMessageContaining("m-bean")
        .withMessageContaining("is a partition of public.t; change public.t");
  }
}
