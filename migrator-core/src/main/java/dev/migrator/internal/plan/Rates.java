package dev.migrator.internal.plan;

import dev.migrator.plan.Work;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast the kinds of work are.
 *
 * @param measured what was measured on this database, by the kind of step
 * @param fixed what the steps that only change the catalog took there
 */
public record Rates(Map<String, Rate> measured, Map<FixedKey, Fixed> fixed) {

  /** Nothing was measured yet. */
  public static final Rates UNKNOWN = new Rates(Map.of(), Map.of());

  /** One transaction that changes the catalog, with its record. */
  static final Fixed OF_CATALOG = new Fixed(Duration.ofMillis(50), 0);

  /**
   * Bytes of a table in a second: what a small server with slow disks does, so that most others are
   * faster than is promised.
   */
  private static final Map<Work, Long> DEFAULTS =
      new EnumMap<>(
          Map.of(
              Work.SCAN, 100_000_000L,
              Work.BUILD, 20_000_000L,
              Work.COPY, 10_000_000L,
              Work.REWRITE, 20_000_000L));

  public Rates {
    measured = Map.copyOf(measured);
    fixed = Map.copyOf(fixed);
  }

  /** What holds for a kind whose time depends on the size of a table; a default if need be. */
  public Rate of(String kind, Work work) {
    Rate rate = measured.get(kind);
    return (rate != null) ? rate : new Rate(DEFAULTS.getOrDefault(work, 100_000_000L), 0);
  }

  /**
   * What holds for a step that only changes the catalog: what those of its name took, as one that
   * looks at the fleet within its transaction takes several times as long as one that adds a
   * constraint; else what its kind took; a default if need be.
   */
  public Fixed fixed(String kind, String step) {
    Fixed named = fixed.get(new FixedKey(kind, step));
    return (named != null) ? named : fixed.getOrDefault(new FixedKey(kind, null), OF_CATALOG);
  }

  /**
   * Of which steps something is known.
   *
   * @param kind their kind
   * @param step their name; {@code null} for all of that kind
   */
  public record FixedKey(String kind, @Nullable String step) {}

  /**
   * What such steps take, whatever the size of the table is.
   *
   * @param duration how long, half of them at most
   * @param steps how many steps it was learnt from; 0 if it is a default
   */
  public record Fixed(Duration duration, int steps) {}

  /**
   * How fast one kind is.
   *
   * @param bytesPerSecond of a table
   * @param steps how many steps it was learnt from; 0 if it is a default
   */
  public record Rate(long bytesPerSecond, int steps) {}
}
