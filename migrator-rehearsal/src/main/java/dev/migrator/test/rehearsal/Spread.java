package dev.migrator.test.rehearsal;

import dev.migrator.check.TableStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the values of a column are spread, as SQL expressions of {@code i}, the number of the row.
 * The same row gets the same in every run.
 *
 * @param nulls the share of rows with NULL
 * @param distinct how many different values the wanted number of rows has
 * @param common the shares of the most common ones
 * @param seed differs from column to column, so that they do not go together
 */
record Spread(double nulls, long distinct, List<Double> common, int seed) {

  static Spread of(TableStatistics.Column column, long rows) {
    double distinct =
        (column.distinct() < 0) ? -column.distinct() * rows : Math.max(1, column.distinct());
    return new Spread(
        column.nulls(),
        Math.max(1, Math.round(distinct)),
        column.common(),
        column.name().hashCode());
  }

  /** Which of the different values a row has, from 0: the common ones come first. */
  String number() {
    String chance = chance(seed);
    List<String> cases = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < common.size(); i++) {
      sum += common.get(i);
      // The shares are those of all rows, and only the others get here.
      cases.add(
          String.format(
              Locale.ROOT, "WHEN %s < %.6f THEN %d", chance, sum / Math.max(1e-6, 1 - nulls), i));
    }
    String rest =
        "%d + (%s * %d)::bigint"
            .formatted(common.size(), chance(seed + 1), Math.max(0, distinct - common.size() - 1));
    return cases.isEmpty()
        ? "(%s)".formatted(rest)
        : "(CASE %s ELSE %s END)".formatted(String.join(" ", cases), rest);
  }

  /** A value as it is made of {@code i}, of the number in its place. */
  String of(String value) {
    return "(SELECT %s FROM (SELECT %s AS i) AS spread)".formatted(value, number());
  }

  /** NULL where a row has none. */
  String orNull(String value) {
    return (nulls <= 0)
        ? value
        : String.format(
            Locale.ROOT, "CASE WHEN %s >= %.6f THEN %s END", chance(seed + 2), nulls, value);
  }

  /** From 0 to 1, by the number of the row. */
  private static String chance(int seed) {
    return "((pg_catalog.hashint8extended(i, %d) & 1048575) / 1048576.0)".formatted(seed);
  }
}
