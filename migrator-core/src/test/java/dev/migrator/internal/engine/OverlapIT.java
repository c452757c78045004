package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.Hold;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change waits for one that another release has begun and this one does not declare. */
class OverlapIT {

  private static final Migration.Backfilled UNFINISHED =
      Migration.define("unfinished").table("t").renameColumn("a", "b");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text, \"C\" text, d text)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator prepared(Migration... migrations) {
    Migrator migrator = fixture.migrator(SETTINGS, migrations);
    migrator.prepare();
    return migrator;
  }

  private void held(Migration migration) {
    String before = fixture.catalog();
    Migrator migrator = prepared(migration);
    Hold hold = migrator.status(migration.id()).orElseThrow().holds().get(0);
    assertThat(hold.reason()).isEqualTo(Hold.Reason.OTHER_MIGRATION);
    assertThat(hold.message()).contains("\"unfinished\"");
    migrator.close();
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  private void free(Migration... migrations) {
    Migrator migrator = prepared(migrations);
    assertThat(migrator.status(migrations[0].id()).orElseThrow().phase())
        .isEqualTo(Phase.DUAL_WRITE);
    migrator.close();
  }

  private static Migration.DualWritten change(String id, String from) {
    return Migration.define(id).table("t").addColumn(id, "text").dualWrite(from, id);
  }

  @Test
  void aChangeOfItsColumnsIsHeldUntilItIsContracted() {
    fixture.reach(Phase.BACKFILL, UNFINISHED);
    held(change("new_of_a", "a"));
    held(change("new_of_b", "b"));
    held(Migration.define("schema").table("public", "t").addCheck("k", "lower(b) <> ''"));
    free(change("other", "C"));
    free(Migration.define("another").table("t").setNotNull("d").fillNullsWith("'x'"));

    // One that was begun before waits for nobody who came later, or both would wait for ever.
    fixture.execute(
        """
        INSERT INTO migrator.migration (id, table_name, phase, begun, operations)
        SELECT 'late', table_name, phase, begun, operations FROM migrator.migration WHERE id = 'unfinished'""");
    fixture.reach(Phase.SWITCH_READ, UNFINISHED.switchRead());
    fixture.execute("DELETE FROM migrator.migration WHERE id = 'late'");

    fixture.reach(Phase.CONTRACT, UNFINISHED.switchRead().dropColumn("a"));
    free(change("new_of_b", "b"), Migration.completed("unfinished"));
  }

  @Test
  void aChangeThatIsUndoneToNothingIsNotWaitedFor() {
    fixture.reach(
        Phase.DUAL_WRITE,
        Migration.define("unfinished").table("t").addColumn("b", "text").dualWrite("a", "b"));
    held(change("new_of_a", "a"));
    Migrator migrator = fixture.migrator(SETTINGS, change("new_of_a", "a"));
    for (Phase last : new Phase[] {Phase.DUAL_WRITE, Phase.EXPAND}) {
      migrator.execute("unfinished", OperatorCommand.undo(last));
      migrator.start();
      Fixture.await(
          () -> migrator.status("unfinished").orElseThrow().phase() != last,
          () -> String.valueOf(migrator.status("unfinished")));
    }
    Fixture.awaitPhase(migrator, "new_of_a", Phase.DUAL_WRITE);
  }

  @Test
  void whatFillsAColumnIsWaitedForAsWell() {
    fixture.reach(
        Phase.BACKFILL,
        Migration.define("unfinished")
            .table("t")
            .setNotNull("C")
            .fillNullsWith("coalesce(a, 'x')"));
    held(change("new_of_c", "C"));
    held(change("new_of_a", "a"));
    Migrator migrator =
        fixture.migrator(
            SETTINGS.toBuilder().contract(it -> it.approved(Set.of("unfinished"))).build(),
            Migration.define("unfinished")
                .table("t")
                .setNotNull("C")
                .fillNullsWith("coalesce(a, 'x')")
                .stopFilling(),
            change("new_of_a", "a"));
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "new_of_a", Phase.DUAL_WRITE);
  }
}
