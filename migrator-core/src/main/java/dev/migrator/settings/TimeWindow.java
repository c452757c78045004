package dev.migrator.settings;

import dev.migrator.error.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalTime;

/**
 * A part of the day; it may span midnight.
 *
 * @param from when it begins
 * @param to when it ends
 */
public record TimeWindow(LocalTime from, LocalTime to) {

  /** Checks that it has a length. */
  public TimeWindow {
    if (from.equals(to)) {
      throw new IllegalArgumentException(
          "%s: migrator.backfill.windows has %s-%s, which never begins"
              .formatted(ErrorCode.SETTING_INVALID, from, to));
    }
  }

  /**
   * Parses a window.
   *
   * @param text such as {@code 22:00-06:00}
   * @return the window
   * @throws IllegalArgumentException if the text has another form
   */
  public static TimeWindow parse(String text) {
    String[] parts = text.trim().split("-", -1);
    try {
      if (parts.length == 2) {
        return new TimeWindow(LocalTime.parse(parts[0].trim()), LocalTime.parse(parts[1].trim()));
      }
    } catch (DateTimeException ex) {
      throw unreadable(text, ex);
    }
    throw unreadable(text, null);
  }

  /**
   * Returns whether a time of day lies in the window.
   *
   * @param time the time
   * @return {@code true} also at its beginning, but not at its end
   */
  public boolean contains(LocalTime time) {
    boolean begun = !time.isBefore(from);
    boolean over = !time.isBefore(to);
    return from.isBefore(to) ? begun && !over : begun || !over;
  }

  private static IllegalArgumentException unreadable(
      String text, @org.jspecify.annotations.Nullable Exception cause) {
    return new IllegalArgumentException(
        "%s: migrator.backfill.windows has \"%s\", but must be written like 22:00-06:00"
            .formatted(ErrorCode.SETTING_INVALID, text),
        cause);
  }

  @Override
  public String toString() {
    return from + "-" + to;
  }
}
