package dev.migrator.internal.plan;

import dev.migrator.internal.step.Step;
import dev.migrator.plan.Estimate;
import dev.migrator.plan.Estimate.Basis;
import dev.migrator.plan.TableVolume;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says how long a step takes, from the size of its table and a rate. Pure. */
public final class Estimator {

  private static final double MEGABYTE = 1_000_000.0;

  private final Rates rates;

  public Estimator(Rates rates) {
    this.rates = rates;
  }

  /** By what name it is known what steps of that kind took. */
  public static String kind(Step step) {
    return step.getClass().getSimpleName().replaceFirst("Step$", "");
  }

  /** The estimate; {@code null} if nobody can say. */
  public @Nullable Estimate of(Step step, @Nullable TableVolume volume) {
    return switch (step.work()) {
      case UNKNOWN -> null;
      case NOTHING -> ofCatalog(rates.fixed(kind(step), step.name()));
      case SCAN, BUILD, COPY, REWRITE -> (volume == null) ? null : ofRows(step, volume.bytes());
    };
  }

  private static Estimate ofCatalog(Rates.Fixed fixed) {
    return fixed.steps() > 0
        ? new Estimate(
            fixed.duration(),
            Basis.MEASURED,
            "only the catalog, %s".formatted(measuredOn(fixed.steps())))
        : new Estimate(
            fixed.duration(), Basis.DEFAULT, "only the catalog, whatever the table's size is");
  }

  private static String measuredOn(int steps) {
    return "measured here on %d %s".formatted(steps, steps == 1 ? "step" : "steps");
  }

  private Estimate ofRows(Step step, long bytes) {
    Rates.Rate rate = rates.of(kind(step), step.work());
    boolean measured = rate.steps() > 0;
    double seconds = (double) bytes / Math.max(1, rate.bytesPerSecond());
    return new Estimate(
        Rates.OF_CATALOG.duration().plusMillis(Math.round(seconds * 1_000)),
        measured ? Basis.MEASURED : Basis.DEFAULT,
        String.format(
            Locale.ROOT,
            "%.1f MB at %.1f MB/s, %s",
            bytes / MEGABYTE,
            rate.bytesPerSecond() / MEGABYTE,
            measured
                ? measuredOn(rate.steps())
                : "a default, nothing of that kind was measured on this database yet"));
  }
}
