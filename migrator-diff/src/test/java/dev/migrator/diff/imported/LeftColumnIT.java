package dev.migrator.diff.imported;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.diff.MigratorDiff;
import org.junit.jupiter.api.Test;

/** An answer that stands in a test. */
class LeftColumnIT {

  @Test
  void nothingIsSaidOfAColumnThatIsLeft() {
    assertThat(MigratorDiff.application(ClinicApplication.class).run().questions()).hasSize(1);
    MigratorDiff.application(ClinicApplication.class)
        .leave("owners", "imported_at")
        .noPendingChanges();
  }
}
