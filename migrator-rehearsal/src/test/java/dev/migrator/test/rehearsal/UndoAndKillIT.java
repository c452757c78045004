package dev.migrator.test.rehearsal;

import static dev.migrator.test.rehearsal.RehearsalAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoAndKillIT {

  @Test
  void everyPhaseIsUndoneAndEveryKillSurvived() {
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .schemaSql(RehearsalIT.USERS)
            .declare("usersFullName", RehearsalIT.RENAME)
            .build()) {
      RehearsedMigration rename = rehearsal.of(RehearsalIT.RENAME.id()).withRows("users", 500);
      List<UndoResult> undone = rename.undo();
      assertThat(undone)
          .extracting(UndoResult::stage)
          .containsExactly("EXPAND", "DUAL_WRITE", "BACKFILL", "SWITCH_READ", "CONTRACT");
      assertThat(undone).allMatch(UndoResult::isClean, "clean");
      KillResult killed = rename.kill();
      assertThat(killed.killedIn())
          .containsExactly(
              "EXPAND", "DUAL_WRITE", "BACKFILL", "CONTRACT", "CONTRACT after retention");
      assertThat(killed.problem()).isNull();
      assertThat(killed.differences()).isEmpty();
    }
  }

  /** The down does not take away all that its up has made. */
  @Test
  void whatAnUndoLeavesIsShown() {
    Migration raw =
        Migration.define("2026-01-01-raw").sql("CREATE TABLE a (id int)").undo("SELECT 1");
    try (Rehearsal rehearsal = Rehearsal.builder().declare("raw", raw).build()) {
      assertThatThrownBy(() -> assertThat(rehearsal.of(raw.id())).undoesCleanlyFromEveryPhase())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("2026-01-01-raw cannot be undone cleanly")
          .hasMessageContaining("+ table public.a ");
    }
  }
}
