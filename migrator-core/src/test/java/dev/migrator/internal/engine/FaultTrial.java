package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.engine.FaultDataSource.Moment;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A life that is disturbed at many points, each time from the same beginning. */
final class FaultTrial {

  private static final int ROWS = 1000;

  /** What is done at one point. */
  interface Attempt {

    void at(TestDatabase database, int point, Moment moment);
  }

  private final FaultChange change;

  private final FaultLife life;

  FaultTrial(FaultChange change, FaultLife life) {
    this.change = change;
    this.life = life;
  }

  void run(int threads, int sample, Attempt attempt) throws Exception {
    try (TestDatabase beginning = TestPostgres.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(beginning.dataSource());
      change.table(ROWS).forEach(it -> jdbc.sql(it).update());
      String before;
      try (TestDatabase database = TestPostgres.newDatabase(beginning)) {
        change.meanwhile(database);
        before = state(database, false);
      }
      if (life == FaultLife.UNDO || life == FaultLife.CONTRACT_AND_BACK) {
        FaultLife.TO_SWITCH_READ.run(beginning.dataSource(), change, "earlier");
      }
      if (life == FaultLife.GIVE_BACK) {
        FaultLife.TO_KEPT_CONTRACT.run(beginning.dataSource(), change, "earlier");
      }
      int points;
      String undisturbed;
      try (TestDatabase database = TestPostgres.newDatabase(beginning);
          FaultDataSource dataSource = FaultDataSource.counting(database.dataSource())) {
        change.meanwhile(database);
        life.run(dataSource, change, "undisturbed");
        points = dataSource.writes();
        undisturbed = state(database, true);
        if (life != FaultLife.CONTRACT_AND_BACK && life != FaultLife.GIVE_BACK) {
          assertThat(Catalogs.describe(JdbcClient.create(database.dataSource())))
              .doesNotContain("migrator");
        }
        if (life == FaultLife.UNDO) {
          assertThat(state(database, false)).isEqualTo(before);
        }
      }
      assertThat(points).as("points to strike at").isGreaterThan(15);
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      try {
        List<Future<Void>> attempts = new ArrayList<>();
        // The points in between are not those of another run to the very end: the number of
        // ranges follows the clock. A point behind the end disturbs nothing, and nothing is lost.
        for (int point = 1; point <= points; point++) {
          for (Moment moment : Moment.values()) {
            if ((2 * point + moment.ordinal()) % sample == 0) {
              attempts.add(
                  executor.submit(attempt(beginning, undisturbed, point, moment, attempt)));
            }
          }
        }
        for (Future<Void> each : attempts) {
          each.get();
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  private Callable<Void> attempt(
      TestDatabase beginning, String undisturbed, int point, Moment moment, Attempt attempt) {
    return () -> {
      String where = "%s %s, struck %s record %d".formatted(change, life, moment, point);
      try (TestDatabase database = TestPostgres.newDatabase(beginning)) {
        try {
          attempt.at(database, point, moment);
        } catch (RuntimeException | AssertionError ex) {
          throw new AssertionError(where, ex);
        }
        assertThat(state(database, true)).as(where).isEqualTo(undisturbed);
      }
      return null;
    };
  }

  /** An instance of this JVM meets its end, and another one goes on. */
  Attempt struckBy(FaultDataSource.Strike strike) {
    return (database, point, moment) -> {
      try (FaultDataSource first =
              new FaultDataSource(database.dataSource(), point, moment, strike);
          FaultDataSource second = FaultDataSource.counting(database.dataSource())) {
        try {
          life.run(first, change, "first");
        } catch (RuntimeException ex) {
          // What an instance makes of its end is its own affair; the next one is what counts.
          assertThat(first.hasStruck()).as("%s", ex).isTrue();
        }
        change.meanwhile(database);
        life.run(second, change, "second");
        first.wakeUp();
      }
    };
  }

  /** Nobody meets his end: what somebody else does is done between two records of one instance. */
  Attempt between() {
    return (database, point, moment) -> {
      CompletableFuture<Void> done = new CompletableFuture<>();
      AtomicBoolean begun = new AtomicBoolean();
      FaultDataSource.Strike strike =
          ignored -> {
            begun.set(true);
            done.completeAsync(
                () -> {
                  change.meanwhile(database);
                  return null;
                },
                Runnable::run);
            done.join();
          };
      // Of the leader alone, which goes on with nothing meanwhile; in its start it is the caller,
      // who says words later.
      String caller = Thread.currentThread().getName();
      Predicate<String> leader =
          it ->
              it.equals("migrator-worker") || (life == FaultLife.TO_CONTRACT && it.equals(caller));
      try (FaultDataSource dataSource =
          new FaultDataSource(database.dataSource(), point, Moment.AFTER, strike, leader)) {
        life.run(dataSource, change, "only");
        if (!begun.get()) {
          change.meanwhile(database);
          return;
        }
        done.join();
      }
    };
  }

  /** A process is killed, and another one goes on. */
  void kill(TestDatabase database, int point, Moment moment) {
    FaultProcess.killedAt(database, change, life, point, moment);
    change.meanwhile(database);
    FaultProcess.toTheEnd(database, change, life);
  }

  /** The schema, the rows, and, where there is one, what the journal says in the end. */
  private String state(TestDatabase database, boolean journal) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    String rows =
        jdbc.sql(
                "SELECT count(*) || ' rows, ' || md5(string_agg(u::text, ',' ORDER BY id)) FROM users u")
            .query(String.class)
            .single();
    List<String> steps =
        journal
            ? jdbc.sql(
                    """
                    SELECT concat_ws(' ', name, phase, state, error) FROM migrator.step
                    UNION ALL
                    SELECT concat_ws(' ', id, phase, completed, paused, undoing, undone, failure)
                      FROM migrator.migration
                    UNION ALL
                    SELECT 'rows verified ' || rows_verified FROM migrator.backfill WHERE :counted
                    UNION ALL
                    SELECT 'rows differing ' || rows_differing FROM migrator.backfill ORDER BY 1
                    """)
                .param("counted", change.keepsItsRows())
                .query(String.class)
                .list()
            : List.of();
    return String.join(
        "\n", change.comparable(Catalogs.describe(jdbc)), rows, String.join("\n", steps));
  }
}
