package dev.migrator.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.test.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What one update by key costs the server while both sides are kept in step: CPU time of the
 * backend, which other load on the machine disturbs little. All sides take turns in every round: a
 * table without a change, one with an empty BEFORE ROW trigger, one whose trigger assigns the other
 * column and asks nothing, which is the least that a trigger can cost, one with a second trigger
 * that asks whether the other column is empty, which is the least while rows are copied, one with
 * the triggers that were made before there was {@code UPDATE OF}, and those of today until BACKFILL
 * is reached and behind it. A ratio is the median of those of the rounds: the speed of a machine
 * changes, but hardly within one. Options: rows, rounds, updates in a round.
 */
public final class WriteCostBenchmark {

  private static final String EMPTY =
      """
      CREATE FUNCTION empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
      CREATE TRIGGER empty BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION empty()
      """;

  private static final String ASSIGNING =
      """
      ALTER TABLE t ADD b text;
      UPDATE t SET b = a;
      CREATE FUNCTION assigning() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := NEW.a; RETURN NEW; END $$;
      CREATE TRIGGER assigning BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION assigning()
      """;

  /** A row that is not copied must not move uncopied, so whatever an update names, it is asked. */
  private static final String ASKING =
      ASSIGNING
          + """
          ;
          CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := NEW.a; RETURN NEW; END $$;
          CREATE TRIGGER fill BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.b IS NULL) EXECUTE FUNCTION fill()
          """;

  private static final String BEFORE =
      """
      ALTER TABLE t ADD b text;
      CREATE FUNCTION forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := NEW.a; RETURN NEW; END $$;
      CREATE FUNCTION back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := NEW.b; RETURN NEW; END $$;
      UPDATE t SET b = a;
      CREATE TRIGGER "1_insert_back" BEFORE INSERT ON t FOR EACH ROW
        WHEN ((NEW.b IS DISTINCT FROM NULL::text) AND NOT (NEW.a IS DISTINCT FROM NULL::text) AND (NEW.b IS DISTINCT FROM NEW.a))
        EXECUTE FUNCTION back();
      CREATE TRIGGER "2_insert_forward" BEFORE INSERT ON t FOR EACH ROW
        WHEN (NOT ((NEW.b IS DISTINCT FROM NULL::text) AND NOT (NEW.a IS DISTINCT FROM NULL::text))
              AND NOT (NEW.b IS DISTINCT FROM NULL::text) AND (NEW.b IS DISTINCT FROM NEW.a))
        EXECUTE FUNCTION forward();
      CREATE TRIGGER "1_update_back" BEFORE UPDATE ON t FOR EACH ROW
        WHEN ((NEW.b IS DISTINCT FROM OLD.b) AND NOT (NEW.a IS DISTINCT FROM OLD.a) AND (NEW.b IS DISTINCT FROM NEW.a))
        EXECUTE FUNCTION back();
      CREATE TRIGGER "2_update_forward" BEFORE UPDATE ON t FOR EACH ROW
        WHEN ((NEW.b IS DISTINCT FROM NEW.a) AND NOT (NEW.b IS DISTINCT FROM OLD.b) AND ((NEW.a IS DISTINCT FROM OLD.a) OR (NEW.b IS NULL)))
        EXECUTE FUNCTION forward()
      """;

  private static final String UNTIL = "until BACKFILL";

  private static final String BEHIND = "behind BACKFILL";

  private WriteCostBenchmark() {}

  /**
   * Runs it.
   *
   * @param args rows, rounds and updates in a round, with commas between
   */
  public static void main(String[] args) {
    int rows = Bench.option(args, 0, 20_000);
    int rounds = Bench.option(args, 1, 25);
    int updates = Bench.option(args, 2, 1_500);
    try (Bench bench = new Bench()) {
      System.out.printf(
          "CPU time of the server for one update by key, µs, %d rounds of %d%n", rounds, updates);
      Map<String, TestDatabase> sides = sides(bench, rows, "'value ' || id");
      measure(
          "unrelated column",
          1.10,
          "UPDATE t SET visits = visits + 1 WHERE id = ?",
          sides,
          rows,
          rounds,
          updates);
      measure(
          "the column itself",
          1.20,
          "UPDATE t SET a = 'written ' || random() WHERE id = ?",
          sides,
          rows,
          rounds,
          updates);
      Map<String, TestDatabase> large =
          sides(
              bench, 20, "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 65536) n)");
      measure(
          "unrelated, 2 MB values",
          1.20,
          "UPDATE t SET visits = visits + 1 WHERE id = ?",
          large,
          20,
          rounds,
          Math.max(100, updates / 5));
    }
  }

  private static Map<String, TestDatabase> sides(Bench bench, int rows, String value) {
    Map<String, TestDatabase> sides = new LinkedHashMap<>();
    for (String side :
        List.of("none", "empty trigger", "assigning", "and asking", "before", UNTIL, BEHIND)) {
      TestDatabase database = bench.table(rows);
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("UPDATE t SET a = " + value).update();
      switch (side) {
        case "empty trigger" -> jdbc.sql(EMPTY).update();
        case "assigning" -> jdbc.sql(ASSIGNING).update();
        case "and asking" -> jdbc.sql(ASKING).update();
        case "before" -> jdbc.sql(BEFORE).update();
        case UNTIL -> {
          run(
              database,
              Migration.define(Bench.ID).table("t").addColumn("b", "text").dualWrite("a", "b"),
              Phase.DUAL_WRITE);
          jdbc.sql("UPDATE t SET b = a").update();
        }
        case BEHIND -> run(database, Bench.change(), Phase.BACKFILL);
        default -> {}
      }
      jdbc.sql("VACUUM FULL ANALYZE t").update();
      sides.put(side, database);
    }
    return sides;
  }

  private static void run(TestDatabase database, Migration change, Phase phase) {
    try (HikariDataSource pool = Bench.pool(database, 2);
        Migrator migrator =
            Migrator.builder(pool)
                .declare("benchmark", change)
                .settings(MigratorSettings.defaults())
                .build()) {
      migrator.prepare();
      migrator.start();
      JdbcClient jdbc = JdbcClient.create(pool);
      while (migrator.status(Bench.ID).orElseThrow().phase() != phase
          || (phase == Phase.BACKFILL && !isAtRest(jdbc))) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }

  private static boolean isAtRest(JdbcClient jdbc) {
    return jdbc.sql("SELECT EXISTS (SELECT FROM pg_trigger WHERE tgtype & 32 <> 0)")
        .query(Boolean.class)
        .single();
  }

  private static void measure(
      String name,
      double most,
      String update,
      Map<String, TestDatabase> sides,
      int rows,
      int rounds,
      int updates) {
    Map<String, Samples> samples = new LinkedHashMap<>();
    Map<String, Samples> ratios = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      double without = 0;
      for (Map.Entry<String, TestDatabase> side : sides.entrySet()) {
        double micros = ServerCpu.microsOfOne(side.getValue(), update, rows, updates);
        without = (without == 0) ? micros : without;
        if (round >= 0) {
          samples.computeIfAbsent(side.getKey(), it -> new Samples()).add(micros);
          ratios.computeIfAbsent(side.getKey(), it -> new Samples()).add(micros / without);
        }
      }
    }
    samples.forEach(
        (side, values) ->
            System.out.printf(
                "%-24s %-17s %-24s %.2f%n",
                name, side, values.show(1), Objects.requireNonNull(ratios.get(side)).median()));
    for (String side : List.of(UNTIL, BEHIND)) {
      double ratio = Objects.requireNonNull(ratios.get(side)).median();
      Report.row(
          "server CPU of an update by key while both sides are kept in step, " + name + ", " + side,
          "≤ %.2f".formatted(most),
          "%.2f".formatted(ratio),
          ratio <= most);
    }
  }
}
