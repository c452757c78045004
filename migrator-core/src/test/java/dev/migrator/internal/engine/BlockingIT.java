package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * PEERS 9.4: somebody stands in the way of every phase for longer than the lock budget. No
 * statement of the application waits longer than the budget, the status names who it is, and the
 * phase is reached once they are gone.
 */
class BlockingIT {

  private static final String ID = "blocked-rename";

  private static final int ROWS = 3000;

  private static final Duration BUDGET = Duration.ofMillis(200);

  private static final Duration GRACE = Duration.ofMillis(100);

  private static final MigratorSettings SETTINGS =
      Fixture.SETTINGS.toBuilder()
          .lock(it -> it.budget(BUDGET))
          .contract(it -> it.approved(Set.of(ID)))
          // Time to step in its way again between the retirement of the column and its end.

          .contract(it -> it.retention(Duration.ofSeconds(2)))
          .build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void tables() {
    FaultChange.RENAME.table(ROWS).forEach(fixture::execute);
    fixture.execute(
        "CREATE TABLE twin (LIKE users INCLUDING ALL)", "INSERT INTO twin SELECT * FROM users");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource
  void nobodyWaitsLongerThanTheBudget(BlockingHolder holder) throws Exception {
    Migration.Expanded expanded =
        Migration.define(ID).table("users").addColumn("full_name", "text");
    Migration.DualWritten written = expanded.dualWrite("name", "full_name");
    try (BlockingTraffic traffic = new BlockingTraffic(fixture.database(), ROWS)) {
      blocked(holder, expanded, Phase.EXPAND, holder.locksTable());
      blocked(holder, written, Phase.DUAL_WRITE, holder.locksTable());
      // The NOT NULL needs the table for a moment, and the index waits for every old snapshot.
      blocked(holder, written.backfill(), Phase.BACKFILL, true);
      blocked(holder, written.backfill().switchRead(), Phase.SWITCH_READ, false);
      Migrator migrator =
          blocked(
              holder,
              written.backfill().switchRead().dropColumn("name"),
              Phase.CONTRACT,
              holder.locksTable());
      BlockingHolder.Held again = holder.hold(fixture.database());
      if (holder.locksTable()) {
        awaitNamed(migrator, Phase.CONTRACT, holder, again);
        again.release();
      }
      Fixture.awaitState(migrator, ID, MigrationStatus.State.COMPLETED);
      if (!holder.locksTable()) {
        again.release();
      }
      traffic.awaitMore(100);
      traffic.assertNobodyWaitedLongerThan(BUDGET.plus(GRACE));
      if (holder.locksTable() && holder != BlockingHolder.VACUUM) {
        // Or the application was never behind an attempt, and nothing was shown.
        assertThat(traffic.longest()).isGreaterThan(BUDGET.dividedBy(2));
      }
    }
    assertThat(fixture.catalog()).contains("users.full_name").doesNotContain("users.name");
  }

  /** Takes the next phase while somebody is there, who goes when they have been met. */
  private Migrator blocked(BlockingHolder holder, Migration migration, Phase phase, boolean waits)
      throws Exception {
    Migrator migrator = fixture.migrator(SETTINGS, migration);
    BlockingHolder.Held held = holder.hold(fixture.database());
    CompletableFuture<Void> prepared =
        CompletableFuture.runAsync(
            () -> {
              migrator.prepare();
              migrator.start();
            });
    if (waits) {
      // The build of an index waits once and for all, as it stands in nobody's way itself.
      // And a locked row is waited for once, and then come back to without waiting.
      boolean build = phase == Phase.BACKFILL && !holder.locksRow();
      awaitMet(held, phase == Phase.BACKFILL ? 1 : 2);
      awaitNamed(migrator, phase, holder, held);
      held.release();
    }
    prepared.orTimeout(180, TimeUnit.SECONDS).join();
    Fixture.awaitPhase(migrator, ID, phase);
    if (!waits) {
      // It was no obstacle at all.
      held.release();
    }
    if (phase != Phase.CONTRACT) {
      migrator.close();
    }
    return migrator;
  }

  /** Each transaction of the engine that waits is another attempt, so the one before gave up. */
  private void awaitMet(BlockingHolder.Held held, int attempts) {
    Set<String> met = new HashSet<>();
    Fixture.await(
        () -> {
          met.addAll(
              fixture
                  .jdbc()
                  .sql(
                      """
                      SELECT pid || ' ' || xact_start FROM pg_stat_activity
                       WHERE application_name <> 'application' AND ? = ANY (pg_blocking_pids(pid))
                      """)
                  .param(held.pid())
                  .query(String.class)
                  .list());
          return met.size() >= attempts;
        },
        () -> attempts + " attempts, but there were " + met);
  }

  private static void awaitNamed(
      Migrator migrator, Phase phase, BlockingHolder holder, BlockingHolder.Held held) {
    Fixture.await(
        () ->
            migrator.status(ID).map(MigrationStatus::steps).orElse(List.of()).stream()
                .filter(step -> step.phase() == phase)
                .flatMap(step -> step.blockers().stream())
                .anyMatch(
                    it -> it.pid() == held.pid() && it.application().equals(holder.application())),
        () -> "naming " + held.pid() + ", but it is " + migrator.status(ID));
  }
}
