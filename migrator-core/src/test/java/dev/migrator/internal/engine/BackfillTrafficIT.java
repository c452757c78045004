package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.awaitPhase;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PEERS 9.6: inserts, updates of either side and of neither, deletes and changes of the key go on
 * all the while, and in the end every row is what its writer made of it.
 */
@Tag("server-version")
class BackfillTrafficIT {

  private static final int ROWS = 30_000;

  /**
   * A name of 63 bytes, a table without any key, and one partitioned in two levels, where a change
   * of the key moves most rows to another partition.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE \"%1$s\" (id int PRIMARY KEY, a text, n int)",
        "CREATE TABLE \"%1$s\" (id int, a text, n int)",
        """
        CREATE TABLE "%1$s" (id int PRIMARY KEY, a text, n int) PARTITION BY RANGE (id);
        CREATE TABLE low PARTITION OF "%1$s" FOR VALUES FROM (0) TO (30000) PARTITION BY HASH (id);
        CREATE TABLE low_0 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE low_1 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE rest PARTITION OF "%1$s" DEFAULT PARTITION BY HASH (id);
        CREATE TABLE rest_0 PARTITION OF rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE rest_1 (n int, a text, gone int, id int NOT NULL);
        ALTER TABLE rest_1 DROP COLUMN gone;
        ALTER TABLE rest ATTACH PARTITION rest_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1)
        """
      })
  void everyRowIsWhatItsWriterMadeOfIt(String create) throws Exception {
    String name = "t" + "ä".repeat(31);
    try (Fixture fixture = new Fixture()) {
      fixture.execute(
          create.formatted(name),
          "INSERT INTO \"%s\" SELECT n, 'value ' || n, 0 FROM generate_series(1, %d) n"
              .formatted(name, ROWS));
      if (!create.contains("KEY")) {
        fixture.execute("CREATE INDEX ON \"%s\" (id)".formatted(name));
      }
      Migration change = Migration.define("m").table(name).renameColumn("a", "b");
      List<Migrator> migrators = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        migrators.add(
            fixture.migrator(
                fixture.pool(3),
                SETTINGS.toBuilder()
                    .backfill(it -> it.workers(2).rangeTarget(Duration.ofMillis(3)))
                    .build(),
                change));
      }
      migrators.get(0).prepare();
      try (RowWriters writers = new RowWriters(fixture, name, ROWS)) {
        migrators.forEach(Migrator::start);
        awaitPhase(migrators.get(0), "m", Phase.BACKFILL);
        writers.stopAndCompare();
      }
    }
  }
}
