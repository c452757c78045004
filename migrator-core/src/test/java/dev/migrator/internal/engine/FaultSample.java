package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultDataSource.Moment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which points of a life are tried. With {@code -Dmigrator.test.all-crashes=true} or {@code
 * -Dmigrator.test.long=true} each one, before and after the commit. Otherwise a part of the first
 * and the last transaction of each kind, and now and then one in between, all drawn anew in every
 * run: {@code -Dmigrator.test.seed} draws the same ones again.
 */
final class FaultSample {

  static final boolean ALL =
      Boolean.getBoolean("migrator.test.long") || Boolean.getBoolean("migrator.test.all-crashes");

  static final long SEED = Long.getLong("migrator.test.seed", System.nanoTime() % 1_000_000);

  private static final double REST = 0.05;

  private FaultSample() {}

  /**
   * Draws.
   *
   * @param name of the trial, which has a draw of its own
   * @param writes how many transactions of each kind an undisturbed life has
   * @param edges which part of the first and the last ones is tried, 1 for all of them
   */
  static List<FaultPoint> draw(String name, Map<String, Integer> writes, double edges) {
    Random random = new Random(31 * SEED + name.hashCode());
    List<FaultPoint> outer = new ArrayList<>();
    List<FaultPoint> inner = new ArrayList<>();
    // Kinds that come at the same time come in another order now and then.
    new TreeMap<>(writes)
        .forEach(
            (label, count) -> {
              Moment first = Moment.values()[random.nextInt(2)];
              for (int ordinal = 1; ordinal <= count; ordinal++) {
                for (Moment moment : Moment.values()) {
                  boolean edge =
                      (ordinal == 1 && moment == first)
                          || (ordinal > 1 && ordinal == count && moment != first);
                  (edge ? outer : inner).add(new FaultPoint(label, ordinal, moment));
                }
              }
            });
    if (ALL) {
      outer.addAll(inner);
      return outer;
    }
    List<FaultPoint> drawn = new ArrayList<>(some(outer, Math.ceil(outer.size() * edges), random));
    // A part of one is drawn in as many of the runs.
    drawn.addAll(some(inner, inner.size() * edges * REST + random.nextDouble(), random));
    return drawn;
  }

  private static List<FaultPoint> some(List<FaultPoint> points, double number, Random random) {
    List<FaultPoint> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, (int) Math.min(number, points.size()));
  }

  /** Draws one of those that are most alike; all of them where all points are tried. */
  static <T> Stream<T> oneOf(String name, List<T> cases) {
    return ALL
        ? cases.stream()
        : Stream.of(cases.get(new Random(31 * SEED + name.hashCode()).nextInt(cases.size())));
  }
}
