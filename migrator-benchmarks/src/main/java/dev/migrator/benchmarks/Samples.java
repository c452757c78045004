package dev.migrator.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What several rounds gave. */
final class Samples {

  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
    values.sort(null);
  }

  double median() {
    int middle = values.size() / 2;
    return (values.size() % 2 == 1)
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  /** The median, and the range of all rounds. */
  String show(int digits) {
    String number = "%." + digits + "f";
    return (number + " (" + number + "–" + number + ")")
        .formatted(median(), values.get(0), values.get(values.size() - 1));
  }
}
