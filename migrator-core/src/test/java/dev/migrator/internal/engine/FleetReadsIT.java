package dev.migrator.internal.engine;

import static dev.migrator.ReadTime.atRuntime;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.NotReadyException;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who reads which side, and what waits for it. */
class FleetReadsIT extends UsersFleet {

  @Test
  void anUndoWaitsUntilNobodyReadsTheNewSide() {
    Migrator third = fixture.started(fixture.release(AUTO, "3.0", BACKFILLED.switchRead()));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    second.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> second.status(ID).orElseThrow().phase() == Phase.BACKFILL,
        () -> String.valueOf(second.status(ID)));
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> second.execute(ID, OperatorCommand.UNDO))
        .withMessageContainingAll("shop 3.0", "roll back");

    third.close();
    second.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> second.status(ID).orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(second.status(ID)));
  }

  /** It was away while nobody was known to read the new side. */
  @Test
  void aReaderThatWasAwayDuringAnUndoDoesNotComeBack() {
    Cut cut = new Cut(fixture);
    Told told = new Told();
    fixture.started(
        Fixture.builder(cut)
            .settings(AUTO)
            .application("shop", "3.0")
            .listener(told)
            .declare("bean", BACKFILLED.switchRead()));
    Migrator second = fixture.started(fixture.release(AUTO, "2.0", BACKFILLED));
    cut.cut = true;
    Fixture.await(() -> second.status().fleet().size() == 1, () -> "its lease to end");
    for (Phase phase : List.of(Phase.BACKFILL, Phase.DUAL_WRITE)) {
      second.execute(ID, OperatorCommand.UNDO);
      Fixture.await(
          () -> second.status(ID).orElseThrow().phase() == phase,
          () -> String.valueOf(second.status(ID)));
    }
    cut.cut = false;
    Fixture.await(() -> told.words.contains("refused"), () -> told.words.toString());
    assertThat(told.reason).contains("undone to DUAL_WRITE");
  }

  @Test
  void readsTurnAtRuntimeAndTheContractWaitsForThem() {
    Migration whole = BACKFILLED.switchRead(atRuntime()).dropColumn("name");
    Migrator one = fixture.release(AUTO, "2.0", whole).build();
    fixture.closing(one);
    one.prepare();
    one.execute(ID, OperatorCommand.PAUSE);
    one.start();
    Migrator two = fixture.started(fixture.release(AUTO, "2.0", whole));
    assertThat(one.readSwitch().readsNew(ID)).as("it serves before the verification").isFalse();

    one.execute(ID, OperatorCommand.RESUME);
    Fixture.await(
        () -> one.readSwitch().readsNew(ID) && two.readSwitch().readsNew(ID),
        () -> String.valueOf(one.status(ID)));
    awaitPhase(one, ID, Phase.CONTRACT);
    assertThat(one.readSwitch().<String>read(ID, () -> "old", () -> "new")).isEqualTo("new");
    assertThat(one.readSwitch().readsNew("users", "full_name")).isTrue();
    Migrator late = fixture.started(fixture.release(AUTO, "2.0", whole));
    assertThat(late.readSwitch().readsNew(ID)).as("from its first request on").isTrue();
  }

  @Test
  void readsTurnBackBeforeTheirSideIsTakenAway() {
    MigratorSettings slow =
        AUTO.toBuilder().fleet(it -> it.switchGrace(Duration.ofMillis(700))).build();
    Migrator migrator =
        fixture.started(
            Fixture.builder(fixture.dataSource())
                .settings(slow)
                .declare("bean", BACKFILLED.switchRead(atRuntime())));
    Fixture.await(() -> migrator.readSwitch().readsNew(ID), () -> "the turn");
    migrator.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> migrator.status(ID).orElseThrow().phase() == Phase.BACKFILL,
        () -> String.valueOf(migrator.status(ID)));
    // Only when nobody can read the new side any longer, not even a request that asked before.
    Fixture.await(
        () -> {
          try {
            migrator.execute(ID, OperatorCommand.UNDO);
            return true;
          } catch (CommandRefusedException ex) {
            assertThat(ex).hasMessageContaining("the new side is read by");
            return false;
          }
        },
        () -> String.valueOf(migrator.status(ID)));
    assertThat(migrator.readSwitch().readsNew(ID)).isFalse();
    Fixture.await(
        () -> migrator.status(ID).orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(migrator.status(ID)));
  }

  /** Its reads turn back, and its writes may use either side at any time. */
  @Test
  void theTriggersStayWhileAReleaseThatSwitchesAtRuntimeLives() {
    Migrator serving =
        fixture.started(fixture.release(AUTO, "2.0", BACKFILLED.switchRead(atRuntime())));
    awaitPhase(serving, ID, Phase.SWITCH_READ);
    Migrator operator = fixture.started(fixture.release(AUTO, "1.0"));
    undo(operator, Phase.BACKFILL);
    undo(operator, Phase.DUAL_WRITE);
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> operator.execute(ID, OperatorCommand.UNDO))
        .withMessageContainingAll("may be written by", "shop 2.0");
    fixture.execute("UPDATE users SET full_name = 'new' WHERE id = 1");
    assertThat(fixture.value("SELECT name FROM users WHERE id = 1")).isEqualTo("new");

    serving.close();
    undo(operator, Phase.EXPAND);
  }

  /** Else its first write to the new column would find none. */
  @Test
  void aReleaseThatSwitchesAtRuntimeDoesNotServeWithoutTheColumns() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.1", BACKFILLED));
    awaitPhase(first, ID, Phase.BACKFILL);
    first.close();
    Migrator operator = fixture.started(fixture.release(AUTO, "1.0"));
    undo(operator, Phase.DUAL_WRITE);
    undo(operator, Phase.EXPAND);
    undo(operator, null);
    MigratorSettings impatient = AUTO.toBuilder().startupLimit(Duration.ofSeconds(1)).build();
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(
            () ->
                fixture
                    .release(impatient, "2.0", BACKFILLED.switchRead(atRuntime()))
                    .build()
                    .prepare())
        .withMessageContainingAll("MIG-3006", "an operator undid");
  }

  @Test
  void theSwitchKnowsOnlyWhatIsDeclared() {
    Migrator migrator = fixture.release(AUTO, "2.0", BACKFILLED).build();
    assertThat(migrator.readSwitch().readsNew(ID)).isFalse();
    assertThat(migrator.readSwitch().readsNew("users", "full_name")).isFalse();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> migrator.readSwitch().readsNew("other"))
        .withMessageContaining("\"other\"");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> migrator.readSwitch().readsNew("users", "name"))
        .withMessageContaining("makes the column \"name\" of \"users\"");
  }

  @Test
  void theSwitchIsAskedByAColumn() {
    Migrator migrator =
        Fixture.builder(fixture.dataSource())
            .declare("a", Migration.define("a").table("x", "t").addColumn("c", "int"))
            .declare("b", Migration.define("b").table("y", "t").addColumn("c", "int"))
            .declare("d", Migration.define("d").table("y", "t").addColumn("d", "int"))
            .build();
    assertThat(migrator.readSwitch().readsNew("t", "d")).isTrue();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> migrator.readSwitch().readsNew("t", "c"))
        .withMessageContaining("the ids [a, b]");
  }
}
