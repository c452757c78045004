package dev.migrator;

import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Layout;

/** Gives a migrator of a test other times, or the journal of another version of the library. */
public final class TimedMigrators {

  private TimedMigrators() {}

  public static MigratorBuilder with(Timings timings, MigratorBuilder builder) {
    return builder.timings(timings);
  }

  public static MigratorBuilder with(Layout layout, MigratorBuilder builder) {
    return builder.layout(layout);
  }
}
