package dev.migrator;

import java.time.Duration;

/** Checks settings, naming the property in Spring Boot that is out of its range. */
final class Ranges {

  private Ranges() {}

  static void check(String property, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s is %s, but must be between %s and %s".formatted(property, value, least, most));
    }
  }
}
