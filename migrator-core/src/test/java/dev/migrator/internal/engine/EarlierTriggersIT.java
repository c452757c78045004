package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A change that an earlier version of the library began: its recorded undo knows four triggers, and
 * so do the steps of its contract.
 */
@Tag("server-version")
class EarlierTriggersIT {

  private static final Migration.DualWritten KEPT =
      Migration.define("m").table("t").addColumn("b", "text").dualWrite("a", "b");

  private static final MigratorSettings SETTINGS =
      Fixture.SETTINGS.toBuilder()
          .contract(it -> it.approved(Set.of("m")).retention(Duration.ofDays(1)))
          .safety(it -> it.acceptRecords(Set.of("m")))
          .build();

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** One trigger for the columns of both sides, and an undo that takes only that one away. */
  private void asAnEarlierVersionLeavesIt() {
    EarlierTriggers.replaceOurs(fixture);
    fixture.execute(
        """
        UPDATE migrator.step SET seal = NULL, definition = jsonb_set(definition, '{info,undo,0,statements}',
               (SELECT jsonb_agg(it ORDER BY n)
                  FROM jsonb_array_elements(definition #> '{info,undo,0,statements}') WITH ORDINALITY AS s(it, n)
                 WHERE it::text NOT LIKE '%1_update_old%'))
         WHERE name = 'keep-in-step'
        """);
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.step WHERE name = 'keep-in-step' AND (definition #> '{info,undo}')::text NOT LIKE '%update_old%'"))
        .isEqualTo("1");
  }

  @Test
  void isUndoneToItsBeginningAfterAContractThatWasUndone() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 10) n");
    fixture.reach(Phase.DUAL_WRITE, KEPT);
    asAnEarlierVersionLeavesIt();
    Migrator migrator = fixture.migrator(SETTINGS, KEPT.backfill().switchRead().dropColumn("a"));
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    Fixture.undoContract(migrator, "m");
    fixture.execute("UPDATE t SET a = 'y' WHERE id = 1", "UPDATE t SET b = 'z' WHERE id = 2");
    assertThat(fixture.value("SELECT string_agg(a || b, ',' ORDER BY id) FROM t WHERE id < 3"))
        .isEqualTo("yy,zz");
    migrator.close();
    Migrator undoing = fixture.migrator(SETTINGS, KEPT);
    undoing.prepare();
    undoing.start();
    for (Phase phase : List.of(Phase.SWITCH_READ, Phase.BACKFILL, Phase.DUAL_WRITE)) {
      undoing.execute("m", OperatorCommand.undo(phase));
      Fixture.await(
          () -> undoing.status("m").orElseThrow().phase() == Phase.values()[phase.ordinal() - 1],
          () -> String.valueOf(undoing.status("m")));
    }
    fixture.assertNothingOfOurs();
  }
}
