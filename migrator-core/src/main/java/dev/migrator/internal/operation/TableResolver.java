package dev.migrator.internal.operation;

import dev.migrator.TableName;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.PartitionReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the tables and columns that declarations name, and refuses those nothing can be done to.
 */
public final class TableResolver {

  private final Database database;

  private final CatalogReader catalog;

  public TableResolver(Database database) {
    this.database = database;
    this.catalog = new CatalogReader(database);
  }

  /** The table that is changed. To be called in a transaction. */
  public TableFacts table(Declaration declaration) {
    TableFacts table = table(declaration, declaration.table());
    if (table.hidesRows()) {
      throw new UnsupportedDatabaseException(
          "%s: row security hides rows of %s from the role \"%s\", so that they could not be brought over; use a role with BYPASSRLS or take FORCE ROW LEVEL SECURITY off"
              .formatted(declaration.where(), table, table.role()),
          null);
    }
    return table;
  }

  /** A table that takes part in a change. To be called in a transaction. */
  public TableFacts table(Declaration declaration, TableName name) {
    TableFacts table = catalog.table(name).orElseThrow(() -> unknownTable(declaration, name));
    if (table.root() != null) {
      throw invalid(
          declaration,
          "%s is a partition of %s; change %s, which takes all of its partitions along"
              .formatted(table, table.root(), table.root()));
    }
    if (table.kind() != TableFacts.Kind.TABLE && !table.partitioned()) {
      throw invalid(
          declaration, "%s is %s; only tables can be changed".formatted(table, table.kind()));
    }
    if (table.inherits()) {
      throw invalid(
          declaration,
          "%s has a parent or children by inheritance, which is not supported".formatted(table));
    }
    if (!table.owned()) {
      throw new UnsupportedDatabaseException(
          "%s: the role \"%s\" does not own the table %s, \"%s\" does; let the migrator connect as that role by a DataSource bean of its own, or run: GRANT \"%s\" TO \"%s\""
              .formatted(
                  declaration.where(),
                  table.role(),
                  table,
                  table.owner(),
                  table.owner(),
                  table.role()),
          null);
    }
    List<String> unusable =
        table.partitioned() ? new PartitionReader(database).unusable(table.oid()) : List.of();
    if (!unusable.isEmpty()) {
      throw invalid(
          declaration,
          "partitions of %s cannot be changed along with it: %s; detach them, or give them to \"%s\""
              .formatted(table, String.join("; ", unusable), table.owner()));
    }
    return table;
  }

  /** That the role may do what a backfill without the user's triggers needs. */
  public void checkTriggersCanBeLeftOut(Declaration declaration, TableFacts table) {
    if (!catalog.mayLeaveTriggersOut()) {
      throw new UnsupportedDatabaseException(
          "%s: withoutUserTriggers() needs a right that the role \"%s\" does not have; %s, or leave it out"
              .formatted(
                  declaration.where(),
                  table.role(),
                  table.serverVersion() >= 150000
                      ? "let a superuser run: GRANT SET ON PARAMETER session_replication_role TO \"%s\""
                          .formatted(table.role())
                      : "before PostgreSQL 15 only a superuser has it"),
          null);
    }
  }

  public static ColumnFacts column(Declaration declaration, TableFacts table, String name) {
    return table
        .column(name)
        .orElseThrow(
            () ->
                invalid(
                    declaration,
                    "the table %s has no column \"%s\"; it has %s"
                        .formatted(
                            table,
                            name,
                            table.columns().stream()
                                .map(ColumnFacts::name)
                                .collect(Collectors.joining(", ")))));
  }

  public static InvalidMigrationException invalid(Declaration declaration, String message) {
    return new InvalidMigrationException(declaration.where() + ": " + message);
  }

  private static InvalidMigrationException unknownTable(Declaration declaration, TableName table) {
    String name = table.name();
    int dot = name.indexOf('.');
    String hint =
        (dot > 0)
            ? "names are literal; for a schema write table(\"%s\", \"%s\")"
                .formatted(name.substring(0, dot), name.substring(dot + 1))
            : "check the spelling (names are literal, also in upper and lower case), the schema and the search path, and that what creates the table runs first";
    return invalid(declaration, "there is no table \"%s\"; %s".formatted(table, hint));
  }
}
