package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus.State;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody writes into the records of the steps is not run as their undo, or later. */
@Tag("server-version")
class ForgedStepsIT {

  private static final Migration.Backfilled RENAME =
      Migration.define("m").table("t").renameColumn("a", "b");

  private static final Migration KEPT =
      Migration.define("m").table("t").addColumn("b", "text").dualWrite("a", "b");

  /** What undoes the only step of DUAL_WRITE gets one statement more. */
  private static final String FORGE =
      """
      UPDATE migrator.step
         SET definition = jsonb_set(definition, '{info,undo,0,statements}',
                            definition #> '{info,undo,0,statements}' || '["DROP TABLE victim"]')
       WHERE phase = 'DUAL_WRITE'""";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void tables() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t VALUES (1, 'x')",
        "CREATE TABLE victim ()");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator kept() {
    Migrator migrator = fixture.migrator(KEPT);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.DUAL_WRITE);
    return migrator;
  }

  private void assertRefused(Migrator migrator) {
    Fixture.awaitState(migrator, "m", State.FAILED);
    assertThat(String.valueOf(migrator.status("m").orElseThrow().holds()))
        .contains("MIG-2011", "was not run", "migrator.accept-records=m");
    assertThat(fixture.value("SELECT to_regclass('victim') IS NOT NULL")).isEqualTo("t");
  }

  private void awaitUndone(Migrator migrator) {
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.EXPAND,
        () -> String.valueOf(migrator.status("m")));
    fixture.assertNothingOfOurs();
  }

  @Test
  void anotherUndoIsNotRunAndTheRightOneIsAfterwards() {
    Migrator migrator = kept();
    fixture.execute("CREATE TABLE kept AS SELECT name, definition FROM migrator.step", FORGE);
    migrator.execute("m", OperatorCommand.UNDO);
    assertRefused(migrator);
    fixture.execute(
        "UPDATE migrator.step s SET definition = k.definition FROM kept k WHERE k.name = s.name");
    migrator.execute("m", OperatorCommand.RETRY);
    awaitUndone(migrator);
  }

  /** A step that was never run, with the seal of one that was. */
  @Test
  void aStepThatIsAddedIsNotUndone() {
    Migrator migrator = kept();
    fixture.execute(
        """
        INSERT INTO migrator.step (migration_id, name, phase, position, state, definition, seal)
        SELECT migration_id, 'forged', phase, position + 1, state,
               jsonb_set(jsonb_set(definition, '{info,name}', '"forged"'), '{info,undo,0,statements}', '["DROP TABLE victim"]'),
               seal
          FROM migrator.step WHERE phase = 'DUAL_WRITE'""");
    migrator.execute("m", OperatorCommand.UNDO);
    assertRefused(migrator);
  }

  /** As an instance with an earlier version of the library leaves them. */
  @Test
  void stepsWithoutASealAreUndoneWhenAnOperatorAcceptsThem() {
    Migrator migrator = kept();
    fixture.execute("UPDATE migrator.step SET seal = NULL");
    migrator.execute("m", OperatorCommand.UNDO);
    assertRefused(migrator);
    migrator.close();
    Migrator accepting =
        fixture.migrator(
            SETTINGS.toBuilder().safety(it -> it.acceptRecords(Set.of("m"))).build(), KEPT);
    accepting.prepare();
    accepting.start();
    awaitUndone(accepting);
  }

  @Test
  void whatIsToBeDroppedLaterIsWhatWasRetired() {
    Migrator migrator = fixture.contracted(AUTO, RENAME.switchRead().dropColumn("a"));
    fixture.execute(
        """
        UPDATE migrator.step SET definition = jsonb_set(definition, '{statements}', '["DROP TABLE victim"]')
         WHERE state = 'PENDING'""",
        "UPDATE migrator.migration SET drop_due = now()");
    migrator.close();
    Migrator next = fixture.migrator(AUTO, RENAME.switchRead().dropColumn("a"));
    next.prepare();
    next.start();
    assertRefused(next);
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname LIKE '~%'"))
        .isEqualTo("1");
  }

  /** The undo of a contract copies rows by what is recorded with it. */
  @Test
  void rowsAreNotCopiedBackByAnotherStatement() {
    Migrator migrator = fixture.contracted(AUTO, RENAME.switchRead().dropColumn("a"));
    fixture.execute(
        """
        UPDATE migrator.step
           SET definition = replace(definition::text, '"assignments": "', '"assignments": "b = ''forged'', ')::jsonb
         WHERE name = 'retire-columns'""");
    migrator.execute("m", OperatorCommand.UNDO);
    assertRefused(migrator);
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("x");
  }

  /** What undoes a step that was cut off is taken over from the record of that attempt. */
  @Test
  void theUndoOfAStepThatWasCutOffIsNotTakenOver() {
    Migration index = Migration.define("m").table("t").addIndex("t_a").on("a");
    Migrator migrator = fixture.migrator(index);
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, "m", State.REACHED);
    migrator.close();
    fixture.execute(
        """
        UPDATE migrator.step
           SET state = 'RUNNING', definition = jsonb_set(definition, '{info,undo,0,statements}', '["DROP TABLE victim"]')""",
        "UPDATE migrator.migration SET phase = NULL, settled = false");
    Migrator next = fixture.migrator(index);
    next.prepare();
    next.start();
    assertRefused(next);
  }
}
