package dev.migrator.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTests {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static final ContractSettings MANUAL =
      ContractSettings.builder().mode(ContractMode.MANUAL).build();

  private static final ContractSettings APPROVED = MANUAL.toBuilder().approved(Set.of("m")).build();

  private static final Migration.ReadSwitched SWITCHED =
      Migration.define("m").table("t").renameColumn("a", "b").switchRead();

  private final Declaration declaration = declared(SWITCHED.dropColumn("a"));

  private static Declaration declared(Migration migration) {
    return Declaration.of("bean", migration);
  }

  private static Recorded at(@Nullable Phase phase) {
    return with(phase, false, false, false, null, null, false);
  }

  private static Recorded with(
      @Nullable Phase phase,
      boolean paused,
      boolean undoing,
      boolean undone,
      @Nullable String failure,
      @Nullable Instant dropDue,
      boolean completed) {
    return new Recorded(
        "m",
        "t",
        phase,
        phase,
        (phase == null)
            ? List.of()
            : declared(SWITCHED.dropColumn("a")).operations().stream()
                .map(it -> it.upTo(phase))
                .toList(),
        NOW,
        false,
        paused,
        undoing,
        undone,
        failure,
        dropDue,
        completed,
        OldSide.KEPT);
  }

  private Decision decide(Recorded recorded) {
    return Planner.decide(declaration, recorded, null, Fleet.EMPTY, MANUAL, NOW);
  }

  private static void held(Decision decision, Reason reason) {
    assertThat(decision).isInstanceOf(Decision.Wait.class);
    assertThat(((Decision.Wait) decision).holds()).extracting("reason").containsExactly(reason);
  }

  @Test
  void takesOnePhaseAfterTheOther() {
    assertThat(decide(at(null))).isEqualTo(new Decision.Advance(Phase.EXPAND));
    assertThat(decide(at(Phase.EXPAND))).isEqualTo(new Decision.Advance(Phase.DUAL_WRITE));
    assertThat(decide(at(Phase.DUAL_WRITE))).isEqualTo(new Decision.Advance(Phase.BACKFILL));
    assertThat(decide(at(Phase.BACKFILL))).isEqualTo(new Decision.Advance(Phase.SWITCH_READ));
  }

  @Test
  void goesNoFurtherThanTheRelease() {
    assertThat(
            Planner.decide(
                declared(SWITCHED), at(Phase.SWITCH_READ), null, Fleet.EMPTY, APPROVED, NOW))
        .isEqualTo(new Decision.Reached());
    assertThat(Planner.decide(null, at(Phase.EXPAND), null, Fleet.EMPTY, MANUAL, NOW))
        .isEqualTo(new Decision.Reached());
  }

  @Test
  void contractsOnlyOnACommand() {
    held(decide(at(Phase.SWITCH_READ)), Reason.CONTRACT_NOT_APPROVED);
    assertThat(Planner.decide(declaration, at(Phase.SWITCH_READ), null, Fleet.EMPTY, APPROVED, NOW))
        .isEqualTo(new Decision.Advance(Phase.CONTRACT));
  }

  @Test
  void keepsTheRetiredColumnUntilItsTime() {
    Recorded kept = with(Phase.CONTRACT, false, false, false, null, NOW.plusSeconds(1), false);
    held(decide(kept), Reason.RETENTION);
    assertThat(((Decision.Wait) decide(kept)).until()).isEqualTo(NOW.plusSeconds(1));
    Recorded due = with(Phase.CONTRACT, false, false, false, null, NOW, false);
    assertThat(decide(due)).isEqualTo(new Decision.DropRetired());
    assertThat(Planner.decide(null, due, null, Fleet.EMPTY, MANUAL, NOW))
        .as("also when no release knows it any longer")
        .isEqualTo(new Decision.DropRetired());
    assertThat(decide(with(Phase.CONTRACT, false, false, false, null, null, true)))
        .isEqualTo(new Decision.Reached());
  }

  @Test
  void obeysTheOperator() {
    held(decide(with(Phase.EXPAND, true, false, false, null, null, false)), Reason.PAUSED);
    held(decide(with(Phase.EXPAND, false, false, true, null, null, false)), Reason.UNDONE);
    assertThat(decide(with(Phase.BACKFILL, true, true, false, null, null, false)))
        .as("undo goes before pause")
        .isEqualTo(new Decision.Undo(Phase.BACKFILL));
  }

  @Test
  void waitsBehindAFailureAndBehindAnotherChange() {
    held(decide(with(Phase.EXPAND, false, false, false, "boom", null, false)), Reason.STEP_FAILED);
    held(
        Planner.decide(declaration, at(null), "other", Fleet.EMPTY, MANUAL, NOW),
        Reason.OTHER_MIGRATION);
  }

  @Test
  void definitionsAreTakenFromTheModel() {
    assertThat(Definitions.normalized(" a  ||\n ' x  y ' ")).isEqualTo("a || ' x  y '");
    assertThat(declaration.operations().get(0).definition())
        .isEqualTo(
            Map.of(
                Phase.EXPAND,
                Map.of(
                    "operation",
                    "addColumns",
                    "table",
                    "t",
                    "columns",
                    List.of(Map.of("name", "b"))),
                Phase.DUAL_WRITE,
                Map.of(
                    "operation",
                    "keepInStep",
                    "table",
                    "t",
                    "old",
                    List.of("a"),
                    "new",
                    List.of("b")),
                Phase.BACKFILL,
                Map.of("operation", "backfill", "table", "t"),
                Phase.SWITCH_READ,
                Map.of("operation", "switchRead", "table", "t"),
                Phase.CONTRACT,
                Map.of("operation", "dropColumns", "table", "t", "columns", List.of("a"))));
  }
}
