package dev.migrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MigrationTests {

  private static Migration.Expanded expanded() {
    return Migration.define("id").table("users").addColumn("b", "text");
  }

  @Test
  void everyStageIsAMigrationThatSaysHowFarItGoes() {
    assertThat(expanded().declares()).isEqualTo(Phase.EXPAND);
    assertThat(expanded().dualWrite("a", "b").declares()).isEqualTo(Phase.DUAL_WRITE);
    Migration.Backfilled backfilled = expanded().dualWrite("a", "b").backfill();
    assertThat(backfilled.declares()).isEqualTo(Phase.BACKFILL);
    assertThat(backfilled.switchRead().declares()).isEqualTo(Phase.SWITCH_READ);
    assertThat(backfilled.switchRead().dropColumn("a").declares()).isEqualTo(Phase.CONTRACT);
  }

  @Test
  void refusesBadNames() {
    refuses("empty", () -> Migration.define(" "));
    refuses("201 characters", () -> Migration.define("x".repeat(201)));
    refuses("'/'", () -> Migration.define("a/b"));
    refuses("64 bytes", () -> Migration.define("a").table("x".repeat(64)));
    refuses("64 bytes", () -> Migration.define("a").table("t").addColumn("ä".repeat(32), "text"));
    refuses("empty", () -> Migration.define("a").table("t").addColumn("", "text"));
    refuses("empty type", () -> Migration.define("a").table("t").addColumn("b", " "));
    refuses("twice", () -> expanded().addColumn("b", "text"));
  }

  @Test
  void refusesSidesThatDoNotFit() {
    refuses("[c]", () -> expanded().dualWrite("a", "c"));
    refuses("both sides", () -> expanded().dualWrite("b", "b"));
    refuses("needs a transform", () -> expanded().dualWrite(Sync.of("a", "z").with("b")));
    refuses("neither side", () -> Sync.of("a").with("b").compute("c", "1"));
    refuses("two transforms", () -> Sync.of("a").with("b").compute("b", "1").compute("b", "2"));
    refuses("twice", () -> Sync.of("a", "a"));
    refuses("[x]", () -> expanded().dualWrite("a", "b").backfill().switchRead().dropColumn("x"));
  }

  @Test
  void refusesSettingsOutOfTheirRange() {
    MigratorSettings settings = MigratorSettings.defaults();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.toBuilder().lock(it -> it.budget(Duration.ZERO)).build())
        .withMessageContaining("migrator.lock.budget");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> settings.toBuilder().contract(it -> it.retention(Duration.ofSeconds(-1))).build())
        .withMessageContaining("migrator.contract.retention");
  }

  private static void refuses(String part, Runnable declaration) {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(declaration::run)
        .withMessageContaining(part);
  }
}
