package dev.migrator.diff.example;

import dev.migrator.diff.MigratorDiff;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** As its page begins. */
class MappingExampleIT {

  @Nested
  class MappingTests {

    @Test
    void theMigrationsMakeWhatIsMapped() {
      MigratorDiff.application(ClinicApplication.class).noPendingChanges();
    }
  }
}
