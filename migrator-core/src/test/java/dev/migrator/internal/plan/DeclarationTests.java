package dev.migrator.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import org.junit.jupiter.api.Test;

/** Declarations that no start could ever fulfil. */
class DeclarationTests {

  private static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  @Test
  void codeNeedsNoPhaseThatAnotherOperationKeepsTheMigrationFrom() {
    Migration waiting =
        rename().switchRead().and().table("t").setNotNull("c").fillNullsWith("'none'");

    assertThatThrownBy(() -> Declaration.of("bean", waiting))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("MIG-1008")
        .hasMessageContaining("this release reads the new side, which needs SWITCH_READ")
        .hasMessageContaining("ends at BACKFILL")
        .hasMessageContaining("a migration of its own");
  }

  @Test
  void anOperationAtItsEndKeepsNothingBack() {
    Migration whole =
        rename()
            .switchRead()
            .and()
            .table("t")
            .setNotNull("c")
            .fillNullsWith("'none'")
            .stopFilling()
            .and()
            .table("t")
            .addCheck("positive", "d > 0");

    assertThat(Declaration.of("bean", whole).needed()).isEqualTo(Phase.SWITCH_READ);
  }

  @Test
  void codeThatReadsTheOldSideWaitsForNothing() {
    Migration going = rename().and().table("t").setNotNull("c").fillNullsWith("'none'");

    assertThat(Declaration.of("bean", going).declares()).isEqualTo(Phase.BACKFILL);
  }
}
