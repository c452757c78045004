package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusal;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks and unique constraints on a table with rows. */
@Tag("server-version")
class ConstraintOperationIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE \"Item\" (id int PRIMARY KEY, \"Price\" numeric, code text, region int, data json)",
        "INSERT INTO \"Item\" SELECT n, n, 'c' || n, n % 7 FROM generate_series(1, 5000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static OnTable item() {
    return Migration.define("m").table("Item");
  }

  private String constraint(String name) {
    return fixture.value(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '%s'".formatted(name));
  }

  @Test
  void aCheckIsAddedValidatedAndUndone() {
    String before = fixture.catalog();
    Migration check = item().addCheck("Not negative", "\"Price\" >= 0 AND code <> ''");
    run(fixture, check);
    assertThat(constraint("Not negative"))
        .isEqualTo("CHECK (((\"Price\" >= (0)::numeric) AND (code <> ''::text)))");
    assertThat(steps(fixture, check))
        .containsExactly("count-violations", "add-check", "validate-check");
    undo(fixture, check);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void violationsAreCountedBeforeAnythingIsDone() {
    String before = fixture.catalog();
    fixture.execute(
        "UPDATE \"Item\" SET \"Price\" = -4711 WHERE id < 4",
        "UPDATE \"Item\" SET \"Price\" = NULL WHERE id = 9");
    Migration check = item().addCheck("not_negative", "\"Price\" >= 0");
    assertThat(refusal(fixture, check))
        .contains("3 rows of public.Item violate", "\"not_negative\"", "WHERE NOT")
        .doesNotContain("4711");
    assertThat(fixture.catalog()).isEqualTo(before);

    fixture.execute("DELETE FROM \"Item\" WHERE \"Price\" < 0");
    Migrator migrator = fixture.migrator(check);
    migrator.start();
    migrator.execute("m", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
  }

  @Test
  void aConstraintThatIsThereIsLeftAloneOrOnlyValidated() {
    fixture.execute(
        "ALTER TABLE \"Item\" ADD CONSTRAINT not_negative CHECK (\"Price\" >= 0) NOT VALID",
        "ALTER TABLE \"Item\" ADD CONSTRAINT once UNIQUE (code, region)");
    Migration check = item().addCheck("not_negative", "\"Price\">=0");
    run(fixture, check);
    assertThat(constraint("not_negative")).doesNotContain("NOT VALID");
    assertThat(steps(fixture, check)).containsExactly("validate-check");

    String before = fixture.catalog();
    Migration unique = Migration.define("u").table("Item").addUnique("once", "code", "region");
    run(fixture, unique);
    undo(fixture, unique);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** A constraint owns its index, so an undo could not leave it. */
  @Test
  void anIndexThatIsThereIsNotTakenOver() {
    fixture.execute("CREATE UNIQUE INDEX once ON \"Item\" (code, region)");
    Migration unique = item().addUnique("once", "code", "region");
    refusedAtStart(fixture, unique, "\"once\" of public.Item is there already", "another name");
    Migration other = item().addUnique("truly_once", "code", "region");
    String before = fixture.catalog();
    run(fixture, other);
    undo(fixture, other);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void takenNamesAndBadInputAreRefusedAtTheStart() {
    fixture.execute(
        "ALTER TABLE \"Item\" ADD CONSTRAINT taken CHECK (\"Price\" > 0)",
        "CREATE INDEX taken_index ON \"Item\" (region)",
        "CREATE TABLE taken_table (a int)");
    refusedAtStart(fixture, item().addCheck("taken", "\"Price\" >= 0"), "another definition");
    refusedAtStart(fixture, item().addUnique("taken", "code"), "another definition");
    refusedAtStart(fixture, item().addUnique("taken_index", "code"), "another definition");
    refusedAtStart(fixture, item().addUnique("taken_table", "code"), "is taken");
    refusedAtStart(fixture, item().addCheck("c", "price >= 0"), "price", "Price (numeric)");
    refusedAtStart(fixture, item().addCheck("c", "\"Price\""), "boolean");
    refusedAtStart(fixture, item().addCheck("c", "id IN (SELECT 1)"), "subquery");
    refusedAtStart(fixture, item().addUnique("u", "codes"), "no column \"codes\"");
    refusedAtStart(fixture, item().addUnique("u", "data"), "json");
  }

  @Test
  void aUniqueConstraintTakesItsIndexAndIsUndone() {
    String before = fixture.catalog();
    Migration unique = item().addUnique("Item once", "code", "region");
    run(fixture, unique);
    assertThat(constraint("Item once")).isEqualTo("UNIQUE (code, region)");
    assertThat(steps(fixture, unique))
        .containsExactly("count-duplicates", "build-index", "add-unique");
    undo(fixture, unique);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void duplicatesAreCountedAndAnInvalidIndexIsBuiltAgain() {
    fixture.execute(
        "UPDATE \"Item\" SET code = 'SECRET' WHERE id IN (7, 14, 21, 1)",
        "UPDATE \"Item\" SET code = NULL WHERE id IN (70, 77)",
        "CREATE UNIQUE INDEX once ON \"Item\" (code, id)",
        "DROP INDEX once");
    Migration unique = item().addUnique("once", "code", "region");
    assertThat(refusal(fixture, unique))
        .contains("1 groups of rows of public.Item", "GROUP BY code, region")
        .doesNotContain("SECRET");
    fixture.execute(
        "UPDATE \"Item\" SET code = id::text",
        "CREATE UNIQUE INDEX once ON \"Item\" (code, region)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'once'::regclass");
    run(fixture, unique);
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once'::regclass"))
        .isEqualTo("t");
    assertThat(constraint("once")).isEqualTo("UNIQUE (code, region)");
  }

  @Test
  void anOperationCanBeChangedUntilItHasBegun() {
    fixture.execute("UPDATE \"Item\" SET \"Price\" = -1 WHERE id = 1");
    fixture.migrator(item().addCheck("c", "\"Price\" >= 0")).prepare();
    Migration other = item().addCheck("c", "\"Price\" >= -1");
    run(fixture, other);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(item().addCheck("c", "\"Price\" >= -2")).prepare())
        .withMessageContainingAll("BACKFILL was changed", ">= -1", ">= -2");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(item().addUnique("c", "code")).prepare())
        .withMessageContaining("BACKFILL was changed");
  }

  /** What a migration of the same release adds first is there when an operation needs it. */
  @Test
  void anOperationWaitsForTheColumnThatAnotherMigrationAdds() {
    Migration adds = Migration.define("adds").table("Item").addColumn("state", "text");
    Migration check =
        Migration.define("check").table("Item").addCheck("known", "state IN ('on', 'off')");
    Migration fills =
        Migration.define("fills").table("Item").setNotNull("state").fillNullsWith("'on'");
    Migrator migrator = fixture.migrator(adds, check, fills);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "check", Phase.BACKFILL);
    Fixture.awaitPhase(migrator, "fills", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM \"Item\" WHERE state = 'on'")).isEqualTo("5000");
    assertThat(migrator.status("check").orElseThrow().state()).isEqualTo(State.REACHED);
    assertThat(migrator.status("check").orElseThrow().holds()).isEmpty();
  }
}
