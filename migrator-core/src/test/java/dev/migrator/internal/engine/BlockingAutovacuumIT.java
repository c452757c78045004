package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * PEERS 9.4, where it is the server itself that stands in the way: a real autovacuum, slowed down
 * so that it would go on for longer than a step may try. It yields to every step that needs its
 * lock, without the application waiting any longer for that.
 */
@Tag("server-version")
class BlockingAutovacuumIT {

  private static final String ID = "vacuumed-rename";

  private static final int ROWS = 3000;

  private static final Duration BUDGET = Duration.ofMillis(200);

  private static final Duration GRACE = Duration.ofMillis(100);

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("autovacuum_naptime", "1s"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void autovacuumYields() {
    try (TestDatabase database = server.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      FaultChange.SPLIT.table(ROWS).forEach(it -> jdbc.sql(it).update());
      jdbc.sql("CREATE TABLE twin (LIKE users INCLUDING ALL)").update();
      jdbc.sql("INSERT INTO twin SELECT * FROM users").update();
      jdbc.sql(
              """
              ALTER TABLE users SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
                autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)
              """)
          .update();
      Migration.Expanded expanded =
          Migration.define(ID).table("users").addColumn("full_name", "text");
      Migration.DualWritten written = expanded.dualWrite("name", "full_name");
      // The updates of the application are what the autovacuum is there for.
      try (BlockingTraffic traffic = new BlockingTraffic(database, ROWS)) {
        vacuumed(database, jdbc, expanded, Phase.EXPAND, true);
        vacuumed(database, jdbc, written, Phase.DUAL_WRITE, true);
        vacuumed(database, jdbc, written.backfill(), Phase.BACKFILL, false);
        vacuumed(database, jdbc, written.backfill().switchRead(), Phase.SWITCH_READ, false);
        vacuumed(
            database,
            jdbc,
            written.backfill().switchRead().dropColumn("name"),
            Phase.CONTRACT,
            true);
        traffic.awaitMore(100);
        traffic.assertNobodyWaitedLongerThan(BUDGET.plus(GRACE));
      }
    }
  }

  private static void vacuumed(
      TestDatabase database,
      JdbcClient jdbc,
      Migration migration,
      Phase phase,
      boolean needsItsLock) {
    Fixture.await(() -> !worker(jdbc).isEmpty(), () -> "an autovacuum of the table");
    String worker = worker(jdbc);
    Migrator migrator =
        Fixture.builder(database.dataSource())
            .declare("bean", migration)
            .settings(
                Fixture.SETTINGS.toBuilder()
                    .lock(it -> it.budget(BUDGET))
                    .lock(it -> it.retryLimit(Duration.ofSeconds(10)))
                    .contract(it -> it.approved(Set.of(ID)))
                    .build())
            .instance("before-" + phase)
            .build();
    try {
      migrator.prepare();
      migrator.start();
      Fixture.awaitPhase(migrator, ID, phase);
      if (phase == Phase.CONTRACT) {
        Fixture.awaitState(migrator, ID, MigrationStatus.State.COMPLETED);
      }
    } finally {
      migrator.close();
    }
    if (needsItsLock) {
      assertThat(worker(jdbc)).as("the autovacuum that was there before").isNotEqualTo(worker);
    }
  }

  /** The autovacuum that holds its lock on the table now; empty if there is none. */
  private static String worker(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT a.pid || ' since ' || a.xact_start FROM pg_stat_activity a JOIN pg_locks l USING (pid)
             WHERE a.backend_type = 'autovacuum worker' AND l.granted
               AND l.relation = 'users'::regclass AND l.mode = 'ShareUpdateExclusiveLock'
            """)
        .query(String.class)
        .optional()
        .orElse("");
  }
}
