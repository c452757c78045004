package dev.migrator.internal.engine;

import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.Publications;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ReachedAlready;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.Operation;
import dev.migrator.settings.SafetySettings;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what a subscriber of logical replication does not have: it stops at the first row with
 * a column that it does not know, or of such a table, and the slot retains the log from there on.
 */
final class ReplicationCheck {

  private final Database database;

  private final SafetySettings settings;

  ReplicationCheck(Database database, SafetySettings settings) {
    this.database = database;
    this.settings = settings;
  }

  /**
   * Checks a migration of which nothing has begun. To be called in a transaction.
   *
   * @throws InvalidMigrationException if it gives somebody columns or tables that are not allowed
   */
  void check(Declaration declaration, ResolvedMigration resolved) {
    if (settings.allowsReplicationOf(declaration.id())) {
      return;
    }
    TreeSet<String> found = new TreeSet<>();
    List<Operation> operations = declaration.migration().operations();
    for (int i = 0; i < operations.size(); i++) {
      found.addAll(subscribers(operations.get(i), resolved.operations().get(i)));
    }
    if (!found.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.REPLICATED,
          "%s: what it adds to %s is sent to subscribers, which stop at the first row unless they have it: %s. Add it at the subscribers first (a nullable column, or the table), then list the id in migrator.replication-allowed, or set migrator.replication=allow"
              .formatted(declaration.where(), declaration.tables(), String.join("; ", found)));
    }
  }

  private List<String> subscribers(Operation operation, ResolvedOperation resolved) {
    TableFacts table = resolved.table();
    Publications publications = new Publications(database);
    if (resolved instanceof ReachedAlready) {
      return List.of();
    }
    if (operation.createsTable()) {
      return publications.ofSchema(schema(operation.table()), serverVersion());
    }
    return (table == null || operation.addedColumns().isEmpty())
        ? List.of()
        : publications.of(table.oid());
  }

  private String schema(@Nullable TableName created) {
    String schema = (created == null) ? null : created.schema();
    return (schema != null)
        ? schema
        : database.jdbc().sql("SELECT coalesce(current_schema(), '')").query(String.class).single();
  }

  private int serverVersion() {
    return database
        .jdbc()
        .sql("SELECT current_setting('server_version_num')::int")
        .query(Integer.class)
        .single();
  }
}
