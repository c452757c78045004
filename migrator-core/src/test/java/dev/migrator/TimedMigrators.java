package dev.migrator;

import dev.migrator.internal.Timings;

/** Gives a migrator of a test other times. */
public final class TimedMigrators {

  private TimedMigrators() {}

  public static MigratorBuilder with(Timings timings, MigratorBuilder builder) {
    return builder.timings(timings);
  }
}
