package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.NotReadyException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A contract can be regretted until the retention time is over, with nothing lost (PEERS 9.14). */
@Tag("server-version")
class UndoContractIT {

  private static final MigratorSettings KEEPING =
      SETTINGS.toBuilder()
          .contract(it -> it.retention(Duration.ofHours(1)).approved(java.util.Set.of("m")))
          .build();

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  private void table() {
    fixture.execute(
        "CREATE TABLE parent (code text PRIMARY KEY)",
        "INSERT INTO parent SELECT 'v' || n FROM generate_series(1, 9000) n",
        """
        CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT 'v1' REFERENCES parent ON DELETE CASCADE, other int,
          CONSTRAINT pair UNIQUE (a, other), CONSTRAINT filled CHECK (a <> ''))
        """,
        "CREATE INDEX lowered ON t (lower(a) DESC)",
        "INSERT INTO t SELECT n, 'v' || n, n FROM generate_series(1, 5000) n");
  }

  @Test
  void theRetiredColumnIsOutOfTheWayAndComesBackWhole() {
    table();
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    String switched = fixture.catalog();
    Migrator migrator = fixture.contracted(KEEPING, rename().switchRead().dropColumn("a"));
    assertThat(migrator.status("m").orElseThrow().state()).isEqualTo(State.HELD);

    // What only new code can do now, each of which a leftover of the old column would reject.
    fixture.execute(
        "UPDATE t SET b = 'v6001' WHERE id = 1",
        "UPDATE t SET other = 2 WHERE id = 1",
        "INSERT INTO t (id, b, other) VALUES (6000, 'v1', 1)",
        "INSERT INTO t (id, other) VALUES (6002, 6002)",
        "DELETE FROM parent WHERE code = 'v3000'",
        "UPDATE t SET b = 'v6002' WHERE id BETWEEN 4000 AND 4500");
    assertThat(fixture.value("SELECT b FROM t WHERE id = 6002")).isEqualTo("v1");

    Fixture.undoContract(migrator, "m");

    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
    assertThat(fixture.value("SELECT a FROM t WHERE id IN (1, 6000, 4200) ORDER BY id"))
        .isEqualTo("v6001,v6002,v1");
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(Catalogs.sorted(switched));
    assertThat(
            fixture.value(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE '%1\\_update\\_%'"))
        .as("one for both sides")
        .matches(
            "CREATE TRIGGER \\S+1_update_back\" BEFORE UPDATE OF a, b ON public.t FOR EACH ROW WHEN .*");
    fixture.execute(
        "UPDATE t SET a = 'v7000' WHERE id = 2", "UPDATE t SET b = 'v7001' WHERE id = 5");
    assertThat(fixture.value("SELECT a || b FROM t WHERE id IN (2, 5) ORDER BY id"))
        .isEqualTo("v7000v7000,v7001v7001");

    migrator.execute("m", OperatorCommand.RESUME);
    migrator.close();
    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("a"));
    assertThat(fixture.catalog()).doesNotContain("t.a ").doesNotContain("migrator");
  }

  @Test
  void aReleaseThatNeedsTheOldSideStartsAgainOnlyWhenItIsWhole() {
    table();
    Migrator migrator = fixture.contracted(KEEPING, rename().switchRead().dropColumn("a"));
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.migrator(rename().switchRead()).prepare());
    Fixture.undoContract(migrator, "m");
    fixture.migrator(rename().switchRead()).prepare();
  }

  @Test
  void aLossyTransformKeepsWhatOnlyTheOldSideKnew() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)",
        "INSERT INTO t VALUES (1, 'Ada Lovelace'), (2, 'Max  Born'), (3, 'Plato')");
    Migration change =
        Migration.define("m")
            .table("t")
            .addColumn("first", "text")
            .addColumn("last", "text")
            .dualWrite(
                Sync.of("a")
                    .with("first", "last")
                    .compute("first", "split_part(a, ' ', 1)")
                    .compute("last", "ltrim(substr(a, length(split_part(a, ' ', 1)) + 2))")
                    .compute("a", "concat_ws(' ', first, nullif(last, ''))"))
            .backfill()
            .switchRead()
            .dropColumn("a");
    Migrator migrator = fixture.contracted(KEEPING, change);
    fixture.execute(
        "UPDATE t SET last = 'Byron' WHERE id = 1",
        "INSERT INTO t (id, first, last) VALUES (4, 'Emmy', 'Noether')");

    Fixture.undoContract(migrator, "m");

    assertThat(fixture.value("SELECT a FROM t ORDER BY id"))
        .isEqualTo("Ada Byron,Max  Born,Plato,Emmy Noether");
    assertThat(
            fixture.value(
                "SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'"))
        .isEqualTo("t");
    fixture.execute(
        "UPDATE t SET a = 'Grace Hopper' WHERE id = 3",
        "UPDATE t SET first = 'Amalie' WHERE id = 4");
    assertThat(
            fixture.value("SELECT concat_ws('|', a, first, last) FROM t WHERE id > 2 ORDER BY id"))
        .isEqualTo("Grace Hopper|Grace|Hopper,Amalie Noether|Amalie|Noether");
  }

  @Test
  void behindTheRetentionTimeThereIsNoWayBack() {
    table();
    fixture.reach(
        Phase.CONTRACT,
        Migration.define("m").table("t").renameColumn("a", "b").switchRead().dropColumn("a"));
    Migrator migrator = fixture.migrator(rename().switchRead().dropColumn("a"));
    awaitState(migrator, "m", State.COMPLETED);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.UNDO))
        .withMessageContaining("retention");
  }

  @Test
  void commandsThatDoNotFitAreRefusedAndChangeNothing() {
    table();
    Migrator migrator = fixture.migrator(KEEPING, rename().switchRead().dropColumn("a"));
    for (OperatorCommand command :
        List.of(
            OperatorCommand.PAUSE,
            OperatorCommand.RESUME,
            OperatorCommand.RETRY,
            OperatorCommand.CONTRACT,
            OperatorCommand.UNDO)) {
      assertThatExceptionOfType(CommandRefusedException.class)
          .as("%s before anything has begun", command)
          .isThrownBy(() -> migrator.execute("m", command));
    }
    assertThat(migrator.execute("unknown", OperatorCommand.PAUSE)).isEmpty();
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    Migrator old = fixture.migrator(KEEPING, rename());
    old.execute("m", OperatorCommand.UNDO);
    assertThatExceptionOfType(CommandRefusedException.class)
        .as("a second command for the same")
        .isThrownBy(() -> old.execute("m", OperatorCommand.UNDO))
        .withMessageContaining("already");
  }

  @Test
  void thePhaseThatACommandNamesIsUndoneOnlyOnce() {
    table();
    fixture.reach(Phase.BACKFILL, rename());
    Migrator migrator = fixture.migrator(KEEPING, rename());
    assertThatExceptionOfType(CommandRefusedException.class)
        .as("another phase than the last")
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.undo(Phase.DUAL_WRITE)))
        .withMessageContaining("BACKFILL, not DUAL_WRITE");
    assertThat(migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL))).isPresent();
    assertThatExceptionOfType(CommandRefusedException.class)
        .as("while it is being undone")
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL)))
        .withMessageContaining("already");
    migrator.start();
    awaitUndone(migrator, Phase.DUAL_WRITE);
    assertThatExceptionOfType(CommandRefusedException.class)
        .as("when it is done")
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL)))
        .withMessageContaining("DUAL_WRITE, not BACKFILL");
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    migrator.execute("m", OperatorCommand.UNDO);
    awaitUndone(migrator, Phase.EXPAND);
    assertThat(migrator.execute("unknown", OperatorCommand.undo(Phase.EXPAND))).isEmpty();
  }

  private static void awaitUndone(Migrator migrator, Phase phase) {
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == phase,
        () -> String.valueOf(migrator.status("m")));
  }
}
