package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Upserts of one key at once, while both columns are kept alike. The server protects them on the
 * index that they name, and on no other.
 */
@Tag("server-version")
class UpsertIT {

  private static final int CLIENTS = 4;

  private static final int KEYS = 1_500;

  private static final Migration.Backfilled RENAME =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Each client upserts the same fresh keys, in the same moment; returns what fails, by code. */
  private Map<String, Integer> failures(String arbiter, String prefix) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    CyclicBarrier together = new CyclicBarrier(CLIENTS);
    List<Future<Map<String, Integer>>> running = new ArrayList<>();
    try (var pool = fixture.pool(CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        running.add(
            clients.submit(
                () -> {
                  Map<String, Integer> failed = new TreeMap<>();
                  try (Connection connection = pool.getConnection();
                      PreparedStatement upsert =
                          connection.prepareStatement(
                              "INSERT INTO t (%1$s) VALUES (?) ON CONFLICT (%1$s) DO UPDATE SET hits = t.hits + 1"
                                  .formatted(arbiter))) {
                    for (int key = 0; key < KEYS; key++) {
                      // One that has failed would be waited for for ever.
                      together.await(180, TimeUnit.SECONDS);
                      try {
                        upsert.setString(1, prefix + key);
                        upsert.executeUpdate();
                      } catch (SQLException ex) {
                        failed.merge(String.valueOf(ex.getSQLState()), 1, Integer::sum);
                      }
                    }
                  }
                  return failed;
                }));
      }
      Map<String, Integer> all = new TreeMap<>();
      for (Future<Map<String, Integer>> client : running) {
        client.get().forEach((state, count) -> all.merge(state, count, Integer::sum));
      }
      return all;
    } finally {
      clients.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t ADD CONSTRAINT once UNIQUE (a)",
        "CREATE UNIQUE INDEX once ON t (a)",
        "CREATE UNIQUE INDEX once ON t (a DESC) INCLUDE (hits)"
      })
  void noneFailsBeforeReadsSwitch(String unique) throws Exception {
    fixture.execute(
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL, hits int NOT NULL DEFAULT 1)",
        unique,
        // With it an upsert of an existing key writes new entries into each index.
        "CREATE INDEX ON t (hits)");
    fixture.reach(Phase.BACKFILL, RENAME);

    assertThat(failures("a", "old ")).as("fresh keys").isEmpty();
    assertThat(failures("a", "old ")).as("existing keys").isEmpty();
    assertThat(fixture.value("SELECT count(*) || ' ' || sum(hits) FROM t WHERE a = b"))
        .isEqualTo(KEYS + " " + 2 * KEYS * CLIENTS);

    fixture.reach(Phase.SWITCH_READ, RENAME.switchRead());
    fixture.execute(
        "INSERT INTO t (b) VALUES ('old 1') ON CONFLICT (b) DO UPDATE SET hits = t.hits + 1",
        "INSERT INTO t (a) VALUES ('old 1') ON CONFLICT (a) DO UPDATE SET hits = t.hits + 1");
    assertThat(fixture.value("SELECT hits FROM t WHERE b = 'old 1'"))
        .isEqualTo(String.valueOf(2 * CLIENTS + 2));
  }

  /** In the window in which both can be named, upserts that name none do not fail. */
  @Test
  void withoutATargetNoneFailsAtAll() throws Exception {
    fixture.execute(
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL UNIQUE, hits int NOT NULL DEFAULT 1)");
    fixture.reach(Phase.SWITCH_READ, RENAME.switchRead());
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String column = (i % 2 == 0) ? "a" : "b";
      running.add(
          clients.submit(
              () -> {
                for (int key = 0; key < KEYS; key++) {
                  fixture
                      .jdbc()
                      .sql("INSERT INTO t (%s) VALUES (?) ON CONFLICT DO NOTHING".formatted(column))
                      .param("key " + key)
                      .update();
                }
              }));
    }
    for (Future<?> client : running) {
      client.get();
    }
    clients.shutdownNow();
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a = b")).isEqualTo(String.valueOf(KEYS));
  }

  /** The old key goes in the first moment in which nobody can start any more who names it. */
  @Test
  void noneFailsBehindTheContract() throws Exception {
    fixture.execute(
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL UNIQUE, hits int NOT NULL DEFAULT 1)",
        "CREATE INDEX ON t (hits)");
    fixture.reach(Phase.CONTRACT, RENAME.switchRead().dropColumn("a"));
    assertThat(failures("b", "new ")).as("fresh keys").isEmpty();
    assertThat(failures("b", "new ")).as("existing keys").isEmpty();
  }

  @Test
  void anUndoOfTheSwitchProtectsOldUpsertsAgain() throws Exception {
    fixture.execute(
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL UNIQUE, hits int NOT NULL DEFAULT 1)");
    fixture.reach(Phase.BACKFILL, RENAME);
    String before = fixture.catalog();
    fixture.reach(Phase.SWITCH_READ, RENAME.switchRead());
    assertThat(fixture.catalog()).isNotEqualTo(before);
    var migrator = fixture.migrator(RENAME);
    migrator.start();
    migrator.execute("m", OperatorCommand.undo(Phase.SWITCH_READ));
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.BACKFILL,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(failures("a", "again ")).isEmpty();
  }
}
