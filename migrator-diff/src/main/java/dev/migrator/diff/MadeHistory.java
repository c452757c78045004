package dev.migrator.diff;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.SchemaReader;
import dev.migrator.diff.internal.schema.TableId;
import dev.migrator.operation.ColumnChange;
import dev.migrator.operation.DropColumn;
import dev.migrator.operation.Operation;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** The migrations, as they have run for the comparison. */
final class MadeHistory {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private MadeHistory() {}

  /** Waits for what runs in the background. */
  static void await(Migrator migrator) {
    long end = System.nanoTime() + LIMIT.toNanos();
    List<MigrationStatus> left = left(migrator);
    while (!left.isEmpty()) {
      for (MigrationStatus it : left) {
        if (it.state() == MigrationStatus.State.FAILED || System.nanoTime() > end) {
          throw new IllegalStateException(
              "the migration \"%s\" does not get to what this release declares: %s"
                  .formatted(it.id(), it.holds().isEmpty() ? it.state() : it.holds()));
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      left = left(migrator);
    }
  }

  private static List<MigrationStatus> left(Migrator migrator) {
    return migrator.status().migrations().stream().filter(MadeHistory::isUnderWay).toList();
  }

  private static boolean isUnderWay(MigrationStatus status) {
    return switch (status.state()) {
      case PENDING, RUNNING, FAILED -> true;
      case HELD ->
          status.holds().stream().anyMatch(it -> it.reason() == Hold.Reason.OTHER_MIGRATION);
      case REACHED, COMPLETED -> false;
    };
  }

  /**
   * The columns that a declared migration takes care of. One that is only added, or whose old side
   * this release gives up, is as it stays: its mapping has to fit it.
   */
  static Set<String> declared(DataSource database, Collection<Migration> migrations) {
    String schema = SchemaReader.currentSchema(database);
    Set<String> places = new HashSet<>();
    for (Migration migration : migrations) {
      for (Operation operation : migration.operations()) {
        if (operation instanceof ColumnChange change && change.sync() != null) {
          change.sync().oldColumns().forEach(it -> places.add(place(change.table(), it, schema)));
          if (change.declares() != Phase.CONTRACT) {
            change.addedColumns().forEach(it -> places.add(place(change.table(), it, schema)));
          }
        } else if (operation instanceof DropColumn drop) {
          places.add(place(drop.table(), drop.name(), schema));
        }
      }
    }
    return places;
  }

  private static String place(TableName table, String column, String schema) {
    boolean plain = table.schema() == null || table.schema().equals(schema);
    TableId id = new TableId(plain ? "" : String.valueOf(table.schema()), table.name());
    return new Place(id, column).text();
  }
}
