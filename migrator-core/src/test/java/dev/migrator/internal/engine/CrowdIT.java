package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PEERS 9.3: many instances start at once; each step is done once, and none fails. */
class CrowdIT {

  private static final int INSTANCES = 8;

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void eachStepIsDoneOnce() throws Exception {
    Migration[] migrations = new Migration[3];
    for (int i = 0; i < migrations.length; i++) {
      fixture.execute(
          "CREATE TABLE t%d (a text)".formatted(i),
          "INSERT INTO t%d SELECT 'x' || n FROM generate_series(1, 1000) n".formatted(i));
      migrations[i] = Migration.define("m" + i).table("t" + i).renameColumn("a", "b").switchRead();
    }
    List<Callable<Migrator>> starts = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      // A pool of one connection: the engine must never need two at once.
      Migrator migrator = fixture.migrator(fixture.pool(1), SETTINGS, migrations);
      starts.add(
          () -> {
            migrator.prepare();
            migrator.start();
            return migrator;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(INSTANCES);
    try {
      for (Future<Migrator> started : threads.invokeAll(starts)) {
        for (Migration migration : migrations) {
          awaitPhase(started.get(), migration.id(), Phase.SWITCH_READ);
        }
      }
    } finally {
      threads.shutdown();
    }
    assertThat(
            fixture.value(
                "SELECT count(*), max(attempts), bool_and(state = 'DONE') FROM migrator.step"))
        .isEqualTo("15");
    // An attempt that did not get its lock has done nothing.
    assertThat(
            fixture.value(
                "SELECT string_agg(DISTINCT n::text || kind, ',') FROM (SELECT count(*) AS n, kind FROM migrator.event WHERE step IS NOT NULL GROUP BY migration_id, step, kind) e"))
        .isEqualTo("1STEP_DONE");
    assertThat(fixture.value("SELECT bool_and(state = 'DONE') FROM migrator.step")).isEqualTo("t");
  }
}
