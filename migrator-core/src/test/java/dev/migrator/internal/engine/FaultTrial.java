package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.engine.FaultDataSource.Moment;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Returns whether the point was met. */
    boolean at(TestDatabase database, FaultPoint point);
  }

  /**
   * How an instance meets its end.
   *
   * @param form its name
   * @param atOnce how many lives at once
   * @param edges see {@link FaultSample}
   * @param attempt does it
   */
  record End(String form, int atOnce, double edges, Attempt attempt) {}

  private final FaultChange change;

  private final FaultLife life;

  private final boolean between;

  FaultTrial(FaultChange change, FaultLife life) {
    this(change, life, false);
  }

  /**
   * Makes it.
   *
   * @param between whether nobody meets his end, see {@link #between}
   */
  FaultTrial(FaultChange change, FaultLife life, boolean between) {
    this.change = change;
    this.life = life;
    this.between = between;
  }

  /** Tries points of the life for each of the ends. */
  void run(List<End> ends) throws Exception {
    try (TestDatabase beginning = TestPostgres.newDatabase()) {
      try (FaultConnection connection = FaultConnection.to(beginning)) {
        change.table(ROWS).forEach(it -> connection.jdbc().sql(it).update());
      }
      String before;
      try (TestDatabase database = TestPostgres.newDatabase(beginning)) {
        change.meanwhile(database);
        before = state(database, false);
      }
      if (life == FaultLife.UNDO || life == FaultLife.CONTRACT_AND_BACK) {
        earlier(FaultLife.TO_SWITCH_READ, beginning);
      }
      if (life == FaultLife.GIVE_BACK) {
        earlier(FaultLife.TO_KEPT_CONTRACT, beginning);
      }
      Map<String, Integer> writes;
      String undisturbed;
      try (TestDatabase database = TestPostgres.newDatabase(beginning);
          FaultDataSource dataSource = FaultDataSource.counting(database.dataSource(), counted())) {
        change.meanwhile(database);
        life.run(dataSource, change, "undisturbed");
        writes = dataSource.writes();
        undisturbed = state(database, true);
        if (life != FaultLife.CONTRACT_AND_BACK && life != FaultLife.GIVE_BACK) {
          try (FaultConnection connection = FaultConnection.to(database)) {
            assertThat(Catalogs.describe(connection.jdbc())).doesNotContain("migrator");
          }
        }
        if (life == FaultLife.UNDO) {
          assertThat(state(database, false)).isEqualTo(before);
        }
      }
      assertThat(writes.values().stream().mapToInt(it -> it).sum())
          .as("points in %s", writes)
          .isGreaterThan(15);
      for (End end : ends) {
        run(end, beginning, undisturbed, writes);
      }
    }
  }

  private void run(End end, TestDatabase beginning, String undisturbed, Map<String, Integer> writes)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(end.atOnce());
    try {
      List<FaultPoint> points = draw(end, writes);
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (FaultPoint point : points) {
        attempts.add(executor.submit(attempt(beginning, undisturbed, point, end)));
      }
      List<FaultPoint> missed = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        if (!attempts.get(i).get()) {
          missed.add(points.get(i));
        }
      }
      System.out.printf(
          "%s %s %s: %d points of %d kinds, of %d; not met: %s; -Dmigrator.test.seed=%d%n",
          end.form(),
          change,
          life,
          points.size(),
          writes.size(),
          2 * writes.values().stream().mapToInt(it -> it).sum(),
          missed,
          FaultSample.SEED);
      // The order of what comes at once follows the clock.
      assertThat(missed).as("not met of %d", points.size()).hasSizeLessThan(1 + points.size() / 2);
    } finally {
      executor.shutdownNow();
    }
  }

  private void earlier(FaultLife before, TestDatabase database) {
    try (FaultDataSource dataSource = FaultDataSource.pool(database.dataSource())) {
      before.run(dataSource, change, "earlier");
    }
  }

  private List<FaultPoint> draw(End end, Map<String, Integer> writes) {
    List<FaultPoint> points = FaultSample.draw(end.form() + change + life, writes, end.edges());
    return between
        ? points.stream()
            .map(it -> new FaultPoint(it.label(), it.ordinal(), Moment.AFTER))
            .distinct()
            .toList()
        : points;
  }

  private Callable<Boolean> attempt(
      TestDatabase beginning, String undisturbed, FaultPoint point, End end) {
    return () -> {
      FaultPoint tried = point;
      while (!isMet(beginning, undisturbed, tried, end)) {
        if (tried.ordinal() == 1) {
          return false;
        }
        // The number of ranges follows the clock, and this life had fewer than the undisturbed one.
        tried = new FaultPoint(tried.label(), tried.ordinal() / 2, tried.moment());
      }
      return true;
    };
  }

  private boolean isMet(TestDatabase beginning, String undisturbed, FaultPoint point, End end) {
    String where =
        "%s %s, %s %s; -Dmigrator.test.seed=%d"
            .formatted(change, life, end.form(), point, FaultSample.SEED);
    try (TestDatabase database = TestPostgres.newDatabase(beginning)) {
      boolean met;
      try {
        met = end.attempt().at(database, point);
      } catch (RuntimeException | AssertionError ex) {
        throw new AssertionError(where, ex);
      }
      assertThat(state(database, true)).as(where).isEqualTo(undisturbed);
      return met;
    }
  }

  /** An instance of this JVM meets its end, and another one goes on. */
  Attempt struckBy(FaultDataSource.Strike strike) {
    return (database, point) -> {
      try (FaultDataSource first = new FaultDataSource(database.dataSource(), point, strike);
          FaultDataSource second = FaultDataSource.pool(database.dataSource())) {
        try {
          life.runShort(first, change, "first");
        } catch (RuntimeException ex) {
          // What an instance makes of its end is its own affair; the next one is what counts.
          assertThat(first.hasStruck()).as("%s", ex).isTrue();
        }
        try (FaultConnection connection = FaultConnection.to(database)) {
          Leases.expire(connection.jdbc());
        }
        change.meanwhile(database);
        life.run(second, change, "second");
        first.wakeUp();
        return first.hasStruck();
      }
    };
  }

  /** Nobody meets his end: what somebody else does is done between two records of one instance. */
  Attempt between() {
    return (database, point) -> {
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
      try (FaultDataSource dataSource =
          new FaultDataSource(database.dataSource(), point, strike, counted())) {
        life.run(dataSource, change, "only");
        if (!begun.get()) {
          change.meanwhile(database);
          return false;
        }
        done.join();
        return true;
      }
    };
  }

  /** A process is killed, and an instance of this JVM goes on when its leases are over. */
  boolean kill(TestDatabase database, FaultPoint point) {
    boolean killed = FaultProcess.killedAt(database, change, life, point);
    change.meanwhile(database);
    try (FaultDataSource second = FaultDataSource.pool(database.dataSource())) {
      life.runShort(second, change, "second");
    }
    return killed;
  }

  /** The threads whose commits are points. */
  private Predicate<String> counted() {
    if (!between) {
      return it -> !it.equals("migrator-lease");
    }
    // Of the leader alone, which goes on with nothing meanwhile; in its start it is the caller,
    // who says words later.
    String caller = Thread.currentThread().getName();
    return it ->
        it.equals("migrator-worker") || (life == FaultLife.TO_CONTRACT && it.equals(caller));
  }

  /** The schema, the rows, and, where there is one, what the journal says in the end. */
  private String state(TestDatabase database, boolean journal) {
    try (FaultConnection connection = FaultConnection.to(database)) {
      return state(connection.jdbc(), journal);
    }
  }

  private String state(JdbcClient jdbc, boolean journal) {
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
