package dev.migrator.settings;

import dev.migrator.error.ErrorCode;
import java.time.Duration;

/** Checks settings, naming the property in Spring Boot that is out of its range. */
final class SettingRanges {

  private SettingRanges() {}

  static void check(String property, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw outside(property, value, least, most);
    }
  }

  static void check(String property, long value, long least, long most) {
    if (value < least || value > most) {
      throw outside(property, value, least, most);
    }
  }

  static void check(String property, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw outside(property, value, least, most);
    }
  }

  private static IllegalArgumentException outside(
      String property, Object value, Object least, Object most) {
    return new IllegalArgumentException(
        "%s: %s is %s, but must be between %s and %s"
            .formatted(ErrorCode.SETTING_INVALID, property, value, least, most));
  }
}
