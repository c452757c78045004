package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.internal.engine.FaultDataSource.Moment;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * PEERS 9.1, 9.18 and, for the kills, 9.2: two releases write and read for the whole life of a
 * change; no statement fails, no acknowledged write is lost, and what one release wrote is not
 * changed by an unrelated update of the other.
 */
class TwoWriterIT {

  /** Enough for all passes of the backfill, and some hundred ranges. */
  private static final int ROWS = 5_000;

  private static final int ABSENT = 1000;

  /** Statements of each release in each phase. */
  private static final int SOME = Boolean.getBoolean("migrator.test.long") ? 5000 : 150;

  private final TestDatabase database = TestPostgres.newDatabase();

  private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

  private final List<TwoWriterCrowd> crowds = new ArrayList<>();

  private volatile boolean newSideMayBeRead;

  private int kills;

  @AfterEach
  void close() {
    crowds.forEach(TwoWriterCrowd::stop);
    database.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME", "SPLIT"})
  void nothingFailsAndNothingIsLost(FaultChange change) {
    live(change, false);
  }

  static Stream<FaultChange> killed() {
    return FaultSample.oneOf("killed", List.of(FaultChange.RENAME, FaultChange.SPLIT));
  }

  @ParameterizedTest
  @MethodSource("killed")
  void norWhenTheInstanceIsKilledAgainAndAgain(FaultChange change) {
    live(change, true);
  }

  private void live(FaultChange change, boolean killed) {
    change.table(ROWS).forEach(it -> jdbc.sql(it).update());
    TwoWriterLedger ledger = new TwoWriterLedger(change, ROWS, ABSENT);
    TwoWriterCrowd old = crowd(ledger, change, true);
    old.awaitMore(SOME);

    CompletableFuture<Void> backfill = live(change, FaultLife.TO_BACKFILL, killed);
    awaitReached(backfill, Phase.DUAL_WRITE);
    TwoWriterCrowd fresh = crowd(ledger, change, false);
    fresh.awaitMore(SOME);
    end(backfill);
    newSideMayBeRead = true;
    both(old, fresh);
    end(live(change, FaultLife.TO_SWITCH_READ, killed));
    both(old, fresh);

    // The last instance of the old release is gone; both sides are compared while both are there.
    old.stop();
    fresh.stop();
    old.assertNoFailure();
    fresh.assertNoFailure();
    ledger.assertSameAs(jdbc, true);

    TwoWriterCrowd last = crowd(ledger, change, false);
    last.awaitMore(SOME);
    end(live(change, FaultLife.TO_CONTRACT, killed));
    last.awaitMore(SOME);
    last.stop();
    last.assertNoFailure();
    ledger.assertSameAs(jdbc, false);
    assertThat(Catalogs.describe(jdbc)).doesNotContain("migrator").doesNotContain("users.name");
    assertThat(kills > 0).isEqualTo(killed);
  }

  private TwoWriterCrowd crowd(TwoWriterLedger ledger, FaultChange change, boolean old) {
    TwoWriterCrowd crowd =
        TwoWriterCrowd.start(
            database.dataSource(), ledger, change, old, () -> old || newSideMayBeRead);
    crowds.add(crowd);
    return crowd;
  }

  private static void both(TwoWriterCrowd old, TwoWriterCrowd fresh) {
    old.awaitMore(SOME);
    fresh.awaitMore(SOME);
  }

  /** One instance, or one process after another that is killed after a few journal records. */
  private CompletableFuture<Void> live(FaultChange change, FaultLife life, boolean killed) {
    return CompletableFuture.runAsync(
        () -> {
          if (!killed) {
            try (FaultDataSource dataSource = FaultDataSource.pool(database.dataSource())) {
              life.run(dataSource, change, "instance-of-" + life);
            }
            return;
          }
          int point = 4;
          while (FaultProcess.killedAt(
              database,
              change,
              life,
              new FaultPoint(FaultPoint.ANY, point, Moment.values()[kills % 2]))) {
            kills++;
            point *= 7; // Further each time, or every range of the backfill would cost a process.
          }
        });
  }

  private void awaitReached(CompletableFuture<Void> life, Phase phase) {
    Fixture.await(
        () -> life.isCompletedExceptionally() || reached().contains(phase.name()),
        () -> phase + ", but it is " + reached());
    if (life.isCompletedExceptionally()) {
      end(life);
    }
  }

  /** The phases that are recorded; the test has no migrator of its own that could look. */
  private List<String> reached() {
    boolean journal =
        jdbc.sql("SELECT to_regclass('migrator.step') IS NOT NULL").query(Boolean.class).single();
    return journal
        ? jdbc.sql("SELECT phase FROM migrator.step WHERE state = 'DONE'")
            .query(String.class)
            .list()
        : List.of();
  }

  private static void end(CompletableFuture<Void> life) {
    life.orTimeout(3, TimeUnit.MINUTES).join();
  }
}
