package dev.migrator.internal.journal;

import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Recorded;
import java.time.Instant;
import java.util.LinkedHashMap;
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

  /** The same with those records that were read again since. */
  Snapshot refreshed(Snapshot later) {
    if (later.records().isEmpty()) {
      return this;
    }
    Map<String, Recorded> all = new LinkedHashMap<>(records);
    all.putAll(later.records());
    return new Snapshot(all, later.now(), fleet);
  }

  /** The same as if one had another record. */
  public Snapshot with(Recorded record) {
    Map<String, Recorded> all = new LinkedHashMap<>(records);
    all.put(record.id(), record);
    return new Snapshot(all, now, fleet);
  }

  public @Nullable Recorded get(String id) {
    return records.get(id);
  }
}
