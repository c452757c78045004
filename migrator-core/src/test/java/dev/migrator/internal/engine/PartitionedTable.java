package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** A partitioned table. */
abstract class PartitionedTable {

  static final MigratorSettings KEEPING =
      SETTINGS.toBuilder()
          .contract(it -> it.retention(Duration.ofHours(1)).approved(Set.of("m")))
          .build();

  final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  static void table(Fixture fixture, String definition) {
    fixture.execute(
        "CREATE TABLE t (%s) PARTITION BY LIST (region)".formatted(definition),
        "CREATE TABLE one PARTITION OF t FOR VALUES IN (1)",
        // Its columns have other numbers than those of the table.
        "CREATE TABLE two (LIKE t INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
        "ALTER TABLE two DROP COLUMN region, DROP COLUMN id",
        "ALTER TABLE two ADD COLUMN gone int, ADD COLUMN id int, ADD COLUMN region int",
        "ALTER TABLE two DROP COLUMN gone, ALTER COLUMN id SET NOT NULL, ALTER COLUMN region SET NOT NULL",
        "ALTER TABLE t ATTACH PARTITION two FOR VALUES IN (2)",
        "CREATE TABLE ranged PARTITION OF t FOR VALUES IN (3) PARTITION BY RANGE (id)",
        "CREATE TABLE \"Low\" PARTITION OF ranged FOR VALUES FROM (0) TO (500)",
        "CREATE TABLE high PARTITION OF ranged FOR VALUES FROM (500) TO (1000000)",
        "CREATE TABLE hashed PARTITION OF t FOR VALUES IN (4) PARTITION BY HASH (id)",
        "CREATE TABLE even PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE odd PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE rest PARTITION OF t DEFAULT");
  }

  void table() {
    table(fixture, "id int NOT NULL, region int NOT NULL, a text, n int DEFAULT 0");
    fixture.execute(
        "INSERT INTO t SELECT n, n % 6, 'value ' || n, 0 FROM generate_series(1, 3000) n");
  }

  static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  String differences() {
    return fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b");
  }

  void resume() {
    Migrator migrator = fixture.migrator(rename());
    migrator.execute("m", OperatorCommand.RESUME);
    migrator.close();
  }

  void refused(Migration migration, String reason) {
    String before = fixture.catalog();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(migration).prepare())
        .withMessageContaining("m-bean")
        .withMessageContaining(reason);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  void undo(Migration migration, Phase from) {
    Migrator migrator = fixture.migrator(migration);
    migrator.start();
    for (int i = from.ordinal(); i >= 0; i--) {
      migrator.execute("m", OperatorCommand.UNDO);
      Phase left = (i == 0) ? null : Phase.values()[i - 1];
      Fixture.await(
          () -> migrator.status("m").orElseThrow().phase() == left,
          () -> left + ", but it is " + migrator.status("m"));
    }
    migrator.close();
  }
}
