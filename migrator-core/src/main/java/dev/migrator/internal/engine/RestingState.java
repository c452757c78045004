package dev.migrator.internal.engine;

import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.catalog.FillTriggers;
import dev.migrator.internal.catalog.FillTriggers.Fill;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.operation.column.ColumnChangeSql;
import dev.migrator.internal.operation.column.ResolvedColumnChange;
import dev.migrator.internal.operation.column.TriggerSql;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import java.util.List;
import java.util.Optional;

/** Whether triggers rest or may, by the catalog, the journal and the fleet. */
final class RestingState {

  /** The first layout whose library knows of it. */
  private static final int LAYOUT = 7;

  private final Database database;

  private final Registry registry;

  RestingState(Database database, Registry registry) {
    this.database = database;
    this.registry = registry;
  }

  /** Whether an instance lives that would not wake them. */
  boolean areEarlierThere() {
    return registry.hasEarlierThan(LAYOUT);
  }

  List<Fill> fills() {
    return new FillTriggers(database)
        .all(TriggerSql.FILL, TriggerSql.UPDATE, TriggerSql.UPDATE_OLD);
  }

  boolean rests(String id) {
    return fill(fills(), id, true).isPresent();
  }

  /** That of a change that stands alone in its migration. */
  static Optional<Fill> fill(List<Fill> fills, String id, boolean rests) {
    String name = ObjectNames.of(id, 0).trigger(TriggerSql.FILL);
    return fills.stream().filter(it -> it.name().equals(name) && it.rests() == rests).findFirst();
  }

  /** Whether no row is left to be copied or compared, also of what has to be verified again. */
  boolean isVerified(String id) {
    return new ProgressStore(database)
        .read(id)
        .filter(it -> it.work() == null && it.verifiedAt() != null && it.rowsDiffering() == 0)
        .isPresent();
  }

  /** Not where a leader before this one ended before it did what was to be done once more. */
  boolean looksAtNoRow(String id, ResolvedColumnChange change) {
    return isVerified(id)
        && !new ProgressStore(database).isOfAnother(id, new ColumnChangeSql(change).ranges());
  }
}
