package dev.migrator.internal.sql;

import java.time.Duration;

/** A time as a text that the server reads as an interval. */
public final class Interval {

  private Interval() {}

  /** Each part in a field of its own: before 15, a field is no larger than 2^31. */
  public static String of(Duration time) {
    return "%d seconds %d milliseconds".formatted(time.toSeconds(), time.toMillisPart());
  }
}
