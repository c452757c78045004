package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.StartCommand;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Starts that wait, and what an operator can still do when nobody serves. */
class StartCommandIT {

  private static final Migration.Backfilled RENAME =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, 'x')");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static MigratorSettings giving(String... commands) {
    return Fixture.AUTO.toBuilder().safety(it -> it.commands(commands)).build();
  }

  /** A paused change keeps the only release from starting that could take a command. */
  @Test
  void aStartResumesWhatWouldKeepItWaiting() {
    pausedAt(Phase.BACKFILL);
    Migrator migrator = fixture.migrator(giving("resume:m", "resume:other"), RENAME.switchRead());
    migrator.prepare();
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    // The next one asks for what is so already.
    fixture.migrator(giving("resume:m"), RENAME.switchRead()).prepare();
  }

  @Test
  void anUndoneChangeGoesOn() {
    fixture.reach(Phase.BACKFILL, RENAME);
    Migrator operator = fixture.migrator(RENAME);
    operator.start();
    operator.execute("m", OperatorCommand.UNDO);
    Fixture.await(
        () -> operator.status("m").orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(operator.status("m")));
    operator.close();
    Migrator migrator = fixture.migrator(giving("resume:m"), RENAME.switchRead());
    migrator.prepare();
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
  }

  /** Each start of it undoes the same phase, and no other. */
  @Test
  void anUndoNamesItsPhase() {
    fixture.reach(Phase.SWITCH_READ, RENAME.switchRead());
    for (int i = 0; i < 3; i++) {
      Migrator migrator = fixture.migrator(giving("undo-switch-read:m"), RENAME);
      migrator.prepare();
      migrator.start();
      Fixture.await(
          () -> migrator.status("m").orElseThrow().phase() == Phase.BACKFILL,
          () -> String.valueOf(migrator.status("m")));
      migrator.close();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartCommand.parse("undo:m"))
        .withMessageContaining("undo-PHASE:ID");
    assertThatIllegalArgumentException().isThrownBy(() -> StartCommand.parse("resume"));
    assertThat(StartCommand.parse("pause:a:b").migration()).isEqualTo("a:b");
  }

  /** It reads the new side, and none of its code runs yet. */
  @Test
  void aStartThatWaitsHoldsNoUndo() throws Exception {
    pausedAt(Phase.BACKFILL);
    Migrator waiting = fixture.migrator(Fixture.AUTO, RENAME.switchRead());
    CompletableFuture<Void> start = CompletableFuture.runAsync(waiting::prepare);
    Migrator operator = fixture.migrator(Fixture.AUTO, RENAME);
    operator.start();
    try {
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM migrator.instance WHERE declares::text LIKE '%\"waits\": true%'")
                  .equals("1"),
          () -> "the start that waits");
      operator.execute("m", OperatorCommand.undo(Phase.BACKFILL));
      Fixture.await(
          () -> operator.status("m").orElseThrow().phase() == Phase.DUAL_WRITE,
          () -> String.valueOf(operator.status("m")));
      assertThat(start).isNotDone();
      operator.execute("m", OperatorCommand.RESUME);
      start.get();
    } finally {
      waiting.stop();
      start.exceptionally(ex -> null).get();
    }
    assertThat(operator.status("m").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("x");
    // From now on it serves, and counts.
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.instance WHERE declares::text LIKE '%\"waits\": true%'"))
        .isEqualTo("0");
  }

  private void pausedAt(Phase phase) {
    fixture.reach(phase, RENAME);
    Migrator operator = fixture.migrator(RENAME);
    operator.start();
    operator.execute("m", OperatorCommand.PAUSE);
    operator.close();
  }
}
