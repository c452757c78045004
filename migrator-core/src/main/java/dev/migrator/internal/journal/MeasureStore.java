package dev.migrator.internal.journal;

import dev.migrator.internal.plan.Rates;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import dev.migrator.plan.Work;
import dev.migrator.status.StepMeasure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What steps took on this database, and what can be learnt from that. */
public final class MeasureStore {

  /** Of smaller tables the time is that of everything else. */
  private static final long LEAST_BYTES = 1_000_000;

  /** From so many of the last steps of a kind. */
  private static final int LEARNT_FROM = 20;

  /** Names of steps that have the name of an object in them would not come to an end. */
  private static final int MOST_NAMES = 200;

  private final Database database;

  public MeasureStore(Database database) {
    this.database = database;
  }

  /**
   * Notes what a step took, in the transaction that records it. One that was cut off and went on is
   * no measure for others.
   *
   * @param kind the kind of step
   * @param from where the write-ahead log was when it began
   */
  public void add(
      String id, String step, String kind, Work work, StepMeasure measure, String from) {
    Duration predicted = measure.predicted();
    database
        .jdbc()
        .sql(
            """
            INSERT INTO migrator.measure (migration_id, step, kind, work, whole, bytes, rows, predicted, duration,
                                          lock_wait, wal_bytes)
            SELECT :id, :step, :kind, :work,
                   coalesce((SELECT attempts = 1 FROM migrator.step WHERE migration_id = :id AND name = :step), false),
                   :bytes,
                   CASE WHEN :copied THEN (SELECT rows_done FROM migrator.backfill WHERE migration_id = :id) ELSE :rows END,
                   :predicted::interval, :duration::interval, :lockWait::interval,
                   greatest(0, pg_catalog.pg_current_wal_lsn() - :from::pg_lsn)
            """)
        .param("id", id)
        .param("step", step)
        .param("kind", kind)
        .param("work", work.name())
        .param("copied", work == Work.COPY)
        .param("bytes", measure.bytes())
        .param("rows", measure.rows(), Types.BIGINT)
        .param("predicted", (predicted == null) ? null : Interval.of(predicted), Types.VARCHAR)
        .param("duration", Interval.of(measure.duration()))
        .param("lockWait", Interval.of(measure.lockWait()))
        .param("from", from)
        .update();
  }

  /** How fast the kinds of steps were here. */
  public Rates rates() {
    List<Learnt> learnt =
        database.read(
            () ->
                database
                    .jdbc()
                    .sql(
                        """
                        WITH measured AS (
                          SELECT id, kind, step, work = 'NOTHING' AS fixed, bytes,
                                 extract(epoch FROM duration - lock_wait) AS seconds,
                                 row_number() OVER (PARTITION BY kind, work = 'NOTHING' ORDER BY id DESC) AS back,
                                 row_number() OVER (PARTITION BY kind, work = 'NOTHING', step ORDER BY id DESC) AS back_of_name
                            FROM migrator.measure WHERE whole AND (work = 'NOTHING' OR bytes >= :least))
                        SELECT kind, NULL::text AS step, NULL::bigint AS rate, count(*)::int AS steps,
                               (percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) * 1000)::bigint AS millis
                          FROM measured WHERE fixed AND back <= :most GROUP BY kind
                        UNION ALL
                        (SELECT kind, step, NULL, count(*)::int,
                                (percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) * 1000)::bigint
                           FROM measured WHERE fixed AND back_of_name <= :most GROUP BY kind, step
                          ORDER BY max(id) DESC LIMIT :names)
                        UNION ALL
                        SELECT kind, NULL, (sum(bytes) / sum(greatest(seconds - 0.05, 0.001)))::bigint, count(*)::int, 0
                          FROM measured WHERE NOT fixed AND back <= :most GROUP BY kind
                        """)
                    .param("least", LEAST_BYTES)
                    .param("most", LEARNT_FROM)
                    .param("names", MOST_NAMES)
                    .query(Learnt.class)
                    .list());
    Map<String, Rates.Rate> rates = new HashMap<>();
    Map<Rates.FixedKey, Rates.Fixed> fixed = new HashMap<>();
    for (Learnt one : learnt) {
      if (one.rate() == null) {
        Duration duration = Duration.ofMillis(Math.max(1, one.millis()));
        fixed.put(
            new Rates.FixedKey(one.kind(), one.step()), new Rates.Fixed(duration, one.steps()));
      } else {
        rates.put(one.kind(), new Rates.Rate(one.rate(), one.steps()));
      }
    }
    return new Rates(rates, fixed);
  }

  /** What the steps of one migration took, each the last time, by its name. */
  public Map<String, StepMeasure> of(String id) {
    Map<String, StepMeasure> measures = new HashMap<>();
    database
        .jdbc()
        .sql(
            """
            SELECT step, work, bytes, rows, wal_bytes, extract(epoch FROM predicted) * 1000 AS predicted_ms,
                   extract(epoch FROM duration) * 1000 AS duration_ms, extract(epoch FROM lock_wait) * 1000 AS wait_ms
              FROM migrator.measure WHERE migration_id = ? ORDER BY id
            """)
        .param(id)
        .query((rs, row) -> measures.put(rs.getString("step"), measure(rs)))
        .list();
    return measures;
  }

  private static StepMeasure measure(ResultSet rs) throws SQLException {
    long predicted = rs.getLong("predicted_ms");
    @Nullable Duration expected = rs.wasNull() ? null : Duration.ofMillis(predicted);
    long rows = rs.getLong("rows");
    @Nullable Long written = rs.wasNull() ? null : rows;
    return new StepMeasure(
        expected,
        Duration.ofMillis(rs.getLong("duration_ms")),
        Duration.ofMillis(rs.getLong("wait_ms")),
        written,
        rs.getLong("bytes"),
        rs.getLong("wal_bytes"));
  }

  /**
   * Of one kind of step.
   *
   * @param step the name of those that it is of; {@code null} of all of that kind
   * @param rate in bytes in a second; {@code null} of steps that do not depend on a size
   * @param millis how long those take
   */
  private record Learnt(
      String kind, @Nullable String step, @Nullable Long rate, long millis, int steps) {}
}
