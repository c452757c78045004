package dev.migrator.cli;

import dev.migrator.Phase;
import dev.migrator.status.Hold;
import dev.migrator.status.InstanceStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where changes stand, for programs; the names are those of the endpoint.
 *
 * @param serverVersion of PostgreSQL
 * @param migrations all that are known
 * @param fleet the live instances
 */
record InfoJson(String serverVersion, List<Change> migrations, List<Instance> fleet) {

  static InfoJson of(MigratorStatus status) {
    return new InfoJson(
        status.serverVersion(),
        status.migrations().stream().map(Change::of).toList(),
        status.fleet().stream().map(Instance::of).toList());
  }

  /** One of them. */
  record Change(
      String id,
      @Nullable String bean,
      MigrationStatus.State state,
      @Nullable Phase phase,
      @Nullable Phase declares,
      @Nullable Instant since,
      List<Held> holds) {

    static Change of(MigrationStatus status) {
      return new Change(
          status.id(),
          status.bean(),
          status.state(),
          status.phase(),
          status.declares(),
          status.since(),
          status.holds().stream().map(Held::of).toList());
    }
  }

  /** Why it does not go on. */
  record Held(Hold.Reason reason, String code, String message, String remedy) {

    static Held of(Hold hold) {
      return new Held(hold.reason(), hold.reason().code().code(), hold.message(), hold.remedy());
    }
  }

  /** Who runs. */
  record Instance(String name, String application, String release, Instant seenAt) {

    static Instance of(InstanceStatus status) {
      return new Instance(status.name(), status.application(), status.release(), status.seenAt());
    }
  }
}
