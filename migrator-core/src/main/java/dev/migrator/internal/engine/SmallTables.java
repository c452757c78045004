package dev.migrator.internal.engine;

import dev.migrator.Migration;
import dev.migrator.TableName;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.TableLock.Mode;
import dev.migrator.operation.Operation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The tables of a migration, locked against everybody until the transaction ends.
 *
 * @param mostRows how many rows each may have
 */
record SmallTables(Database database, int mostRows) {

  /** With values that take a while to read there are few rows, too. */
  private static final long MOST_BYTES = 8 << 20;

  /**
   * Locks those that are there already, by the names by which they are declared. Only the first
   * lock of a transaction is waited for. Who waits for a table and holds another one can be waited
   * for in turn, by a transaction that uses both the other way round: the server could end that one
   * for the deadlock. And whoever wants the first table would wait for two budgets.
   *
   * @param first whether the transaction has locked no table yet
   */
  void lock(Migration migration, boolean first) {
    List<TableLock> locks =
        migration.operations().stream()
            .filter(it -> !it.createsTable())
            .map(Operation::table)
            .filter(Objects::nonNull)
            .distinct()
            .map(it -> new TableLock(quoted(it), Mode.ACCESS_EXCLUSIVE))
            .toList();
    boolean waits = first;
    for (TableLock lock : locks) {
      database.execute(waits ? lock.sql() : lock.orFail());
      waits = false;
    }
  }

  private static String quoted(TableName table) {
    String name = Identifiers.quote(table.name());
    return (table.schema() == null) ? name : Identifiers.quote(table.schema()) + "." + name;
  }

  /**
   * Checks that these are the tables that are locked, and that they have few rows.
   *
   * @throws NotInOneTransaction if not
   */
  void requireSmall(Migration migration, ResolvedMigration resolved) {
    Set<TableFacts> tables = new LinkedHashSet<>();
    for (int i = 0; i < migration.operations().size(); i++) {
      TableFacts table = resolved.operations().get(i).table();
      if (table != null && !migration.operations().get(i).createsTable()) {
        tables.add(table);
      }
    }
    for (TableFacts table : tables) {
      NotInOneTransaction.unless(!table.partitioned(), table + " has partitions");
      NotInOneTransaction.unless(isLocked(table.oid()), table + " is not the one that is locked");
      NotInOneTransaction.unless(isSmall(table), table + " has many rows");
    }
  }

  private boolean isLocked(long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_locks
                            WHERE locktype = 'relation' AND relation = ?::oid AND granted
                              AND pid = pg_catalog.pg_backend_pid() AND mode = 'AccessExclusiveLock')
            """)
        .param(table)
        .query(Boolean.class)
        .single();
  }

  private boolean isSmall(TableFacts table) {
    long rows =
        database.countLong(
            "SELECT count(*) FROM (SELECT FROM %s LIMIT %d) AS t"
                .formatted(table.quoted(), mostRows + 1));
    return rows <= mostRows
        && (rows == 0 || new TableSize(database).bytes(table.oid()) <= MOST_BYTES);
  }
}
