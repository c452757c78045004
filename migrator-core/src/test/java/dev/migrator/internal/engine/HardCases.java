package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Sync;
import dev.migrator.error.InvalidMigrationException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** Changes of a column, up to the contract. */
abstract class HardCases {

  final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  static Migration.Backfilled split() {
    return Migration.define("m")
        .table("t")
        .addColumn("first", "text")
        .addColumn("last", "text")
        .dualWrite(
            Sync.of("a")
                .with("first", "last")
                .compute("first", "split_part(a, ' ', 1)")
                .compute("last", "substr(a, length(split_part(a, ' ', 1)) + 2)")
                .compute("a", "concat_ws(' ', first, nullif(last, ''))"))
        .backfill();
  }

  Migrator contracting(Migration migration, Duration retention) {
    Migrator migrator =
        fixture.migrator(
            SETTINGS.toBuilder()
                .contract(it -> it.retention(retention).approved(Set.of("m")))
                .build(),
            migration);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  void refused(Migration migration, String... parts) {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(migration).prepare())
        .withMessageContainingAll(parts);
  }
}
