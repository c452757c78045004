package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.journal.MeasureStore;
import dev.migrator.internal.plan.Estimator;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.WalPosition;
import dev.migrator.internal.step.Step;
import dev.migrator.plan.Estimate;
import dev.migrator.plan.TableVolume;
import dev.migrator.plan.Work;
import dev.migrator.status.StepMeasure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Takes the time of one step, and says before how long it should take. */
final class StepMeter {

  private static final Logger logger = LoggerFactory.getLogger(StepMeter.class);

  /** Whoever has the table locked is not waited for. */
  private static final Duration LOCK_LIMIT = Duration.ofMillis(200);

  private final MeasureStore measures;

  private final Step step;

  private final String from;

  private final @Nullable TableVolume volume;

  private final @Nullable Estimate estimate;

  private final AtomicLong waited = new AtomicLong();

  private final long start = System.nanoTime();

  private StepMeter(
      MeasureStore measures,
      Step step,
      String from,
      @Nullable TableVolume volume,
      @Nullable Estimate estimate) {
    this.measures = measures;
    this.step = step;
    this.from = from;
    this.volume = volume;
    this.estimate = estimate;
  }

  /**
   * Begins.
   *
   * @param learnt how fast steps were here
   * @param table the table that the step works on; {@code null} if none is known
   */
  static StepMeter begin(
      Database database, LearntRates learnt, Step step, @Nullable StepTable table) {
    MeasureStore measures = new MeasureStore(database);
    Work work = step.work();
    boolean bySize = work != Work.NOTHING && work != Work.UNKNOWN;
    @Nullable TableVolume volume = (bySize && table != null) ? volume(database, table) : null;
    return new StepMeter(
        measures,
        step,
        WalPosition.now(database),
        volume,
        new Estimator(learnt.of(work)).of(step, volume));
  }

  private static @Nullable TableVolume volume(Database database, StepTable table) {
    try {
      long bytes =
          database.inTransaction(
              () -> {
                database.limits(LOCK_LIMIT, LOCK_LIMIT);
                return new TableSize(database).bytes(table.oid());
              });
      return new TableVolume(table.quoted(), table.rows(), bytes);
    } catch (DataAccessException ex) {
      logger.debug("the size of {} cannot be read now", table, ex);
      return null;
    }
  }

  /** That it has waited for its locks. */
  void waited(long nanos) {
    waited.addAndGet(nanos);
  }

  /** In the transaction that records the step. */
  void end(String id) {
    measures.add(
        id,
        step.name(),
        Estimator.kind(step),
        step.work(),
        new StepMeasure(
            (estimate == null) ? null : estimate.duration(),
            Duration.ofNanos(System.nanoTime() - start),
            Duration.ofNanos(waited.get()),
            (volume == null) ? null : volume.rows(),
            (volume == null) ? 0 : volume.bytes(),
            0),
        from);
  }
}
