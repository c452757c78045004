package dev.migrator.internal.journal;

import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Recorded;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records at one moment.
 *
 * @param records by the id of the migration, in the order in which they were begun
 * @param now that moment, on the database's clock
 * @param fleet who ran then; nobody if no decision depends on it
 */
public record Snapshot(Map<String, Recorded> records, Instant now, Fleet fleet) {

  public Snapshot with(Fleet other) {
    return new Snapshot(records, now, other);
  }

  public @Nullable Recorded get(String id) {
    return records.get(id);
  }
}
