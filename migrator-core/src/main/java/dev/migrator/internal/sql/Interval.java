package dev.migrator.internal.sql;

import java.time.Duration;

/** A time as a text that the server reads as an interval. */
public final class Interval {

  private Interval() {}

  public static String of(Duration time) {
    return time.toMillis() + " milliseconds";
  }
}
