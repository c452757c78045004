package dev.migrator.internal.operation;

import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.PartitionReader;
import dev.migrator.internal.catalog.Publications;
import dev.migrator.internal.catalog.RoomReader;
import dev.migrator.internal.catalog.TableFacts;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the tables and columns that declarations name, and refuses those nothing can be done to.
 */
public final class TableResolver {

  private final Resolution resolution;

  private final CatalogReader catalog;

  TableResolver(Resolution resolution) {
    this.resolution = resolution;
    this.catalog = resolution.catalog();
  }

  /** The table that is changed. */
  public TableFacts changed(TableName name) {
    TableFacts table = table(name);
    if (table.hidesRows()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.ROW_SECURITY,
          "%s: row-level security hides rows of %s from the role \"%s\", so that they could not be copied; use a role with BYPASSRLS or take FORCE ROW LEVEL SECURITY off"
              .formatted(resolution.where(), table, table.role()),
          null);
    }
    return table;
  }

  /** A table that takes part in a change. */
  public TableFacts table(TableName name) {
    TableFacts table = catalog.table(name).orElseThrow(() -> unknownTable(name));
    if (table.root() != null) {
      throw resolution.invalid(
          ErrorCode.PARTITION_ITSELF,
          "%s is a partition of %s; change %s, which takes all of its partitions along"
              .formatted(table, table.root(), table.root()));
    }
    if (table.kind() != TableFacts.Kind.TABLE && !table.partitioned()) {
      throw resolution.invalid(
          ErrorCode.NOT_A_TABLE,
          "%s is %s; only tables can be changed".formatted(table, table.kind()));
    }
    if (table.inherits()) {
      throw resolution.invalid(
          ErrorCode.INHERITANCE_UNSUPPORTED,
          "%s has a parent or children by inheritance, which is not supported".formatted(table));
    }
    if (!table.owned()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.NOT_OWNER,
          "%s: the role \"%s\" does not own the table %s, \"%s\" does; let the migrator connect as that role by a DataSource bean of its own, or run: GRANT \"%s\" TO \"%s\""
              .formatted(
                  resolution.where(),
                  table.role(),
                  table,
                  table.owner(),
                  table.owner(),
                  table.role()),
          null);
    }
    List<String> unusable =
        table.partitioned()
            ? new PartitionReader(resolution.database()).unusable(table.oid())
            : List.of();
    if (!unusable.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONS_UNUSABLE,
          "partitions of %s cannot be changed along with it: %s; detach them, or give them to \"%s\""
              .formatted(table, String.join("; ", unusable), table.owner()));
    }
    return table;
  }

  /** That the role may do what a backfill without the user's triggers needs. */
  public void checkTriggersCanBeLeftOut(TableFacts table) {
    if (!catalog.mayLeaveTriggersOut()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.TRIGGER_PRIVILEGE_MISSING,
          "%s: withoutUserTriggers() needs a right that the role \"%s\" does not have; %s, or leave it out"
              .formatted(
                  resolution.where(),
                  table.role(),
                  table.serverVersion() >= 150000
                      ? "let a superuser run: GRANT SET ON PARAMETER session_replication_role TO \"%s\""
                          .formatted(table.role())
                      : "before PostgreSQL 15 only a superuser has it"),
          null);
    }
  }

  public ColumnFacts column(TableFacts table, String name) {
    return table
        .column(name)
        .orElseThrow(
            () ->
                resolution.invalid(
                    ErrorCode.UNKNOWN_COLUMN,
                    "the table %s has no column \"%s\"; it has %s"
                        .formatted(
                            table,
                            name,
                            table.columns().stream()
                                .map(ColumnFacts::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Of a name that something else has. */
  public InvalidMigrationException taken(
      String what, String name, TableFacts table, String definition) {
    return resolution.invalid(
        ErrorCode.OBJECT_DIFFERS,
        "%s has already %s %s \"%s\" with another definition: %s; choose another name, or drop that one first"
            .formatted(table, what.equals("index") ? "an" : "a", what, name, definition));
  }

  private InvalidMigrationException unknownTable(TableName table) {
    String name = table.name();
    int dot = name.indexOf('.');
    String hint =
        (dot > 0)
            ? "names are literal; for a schema write table(\"%s\", \"%s\")"
                .formatted(name.substring(0, dot), name.substring(dot + 1))
            : "check the spelling (names are literal, also in upper and lower case), the schema and the search path, and that what creates the table runs first";
    return resolution.invalid(
        ErrorCode.UNKNOWN_TABLE, "there is no table \"%s\"; %s".formatted(table, hint));
  }

  /**
   * Requires room for columns that are not there yet: the server would refuse them half way, or
   * every row that has a value in each.
   *
   * @param types their types
   */
  public void requireRoom(TableFacts table, List<String> types) {
    RoomReader reader = new RoomReader(resolution.database());
    RoomReader.Taken taken = reader.of(table.oid());
    int columns = taken.columns() + types.size();
    if (columns > RoomReader.MOST_COLUMNS) {
      throw resolution.invalid(
          ErrorCode.NO_ROOM,
          "%s would have %d columns, those included that were dropped, and PostgreSQL allows %d; make a new table and move the rows, which gets rid of the dropped ones"
              .formatted(table, columns, RoomReader.MOST_COLUMNS));
    }
    int bytes = taken.bytesWith(types.size(), types.stream().mapToInt(reader::bytes).sum());
    if (bytes > RoomReader.MOST_BYTES) {
      throw resolution.invalid(
          ErrorCode.NO_ROOM,
          "a row of %s without NULLs would have at least %d bytes, and PostgreSQL allows %d in a page; move columns to another table"
              .formatted(table, bytes, RoomReader.MOST_BYTES));
    }
  }

  /**
   * Requires that rows can be updated where a publication sends updates: without a replica identity
   * the server rejects each, also those of the backfill.
   */
  public void requireReplicaIdentity(TableFacts table) {
    List<String> without =
        new Publications(resolution.database()).withoutReplicaIdentity(table.oid());
    if (!without.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.NO_REPLICA_IDENTITY,
          "a replica identity is missing, without which the server would reject every update: %s; give each a primary key, or ALTER TABLE … REPLICA IDENTITY FULL"
              .formatted(String.join("; ", without)));
    }
  }

  /** Requires that the table may have columns that its type has not. */
  public void requireOwnColumns(TableFacts table) {
    List<String> types =
        resolution
            .database()
            .jdbc()
            .sql(
                "SELECT reloftype::regtype::text FROM pg_catalog.pg_class WHERE oid = ?::oid AND reloftype <> 0")
            .param(table.oid())
            .query(String.class)
            .list();
    if (!types.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.NOT_A_TABLE,
          "%s is a table of the type %s, and has the columns of that: the server changes none of its own; free it by ALTER TABLE %s NOT OF, which changes no row"
              .formatted(table, types.get(0), table.quoted()));
    }
  }

  /**
   * Columns of other tables that have the row's type, in whatever form: the server refuses then.
   */
  public List<String> storedRows(TableFacts table) {
    return resolution
        .database()
        .jdbc()
        .sql(
            """
            WITH RECURSIVE uses(type) AS (
              SELECT reltype FROM pg_catalog.pg_class WHERE oid = ?::oid
              UNION
              SELECT x.type FROM uses u
               CROSS JOIN LATERAL (
                      SELECT t.oid AS type FROM pg_catalog.pg_type t
                       WHERE t.typbasetype = u.type OR (t.typelem = u.type AND t.typlen = -1)
                      UNION ALL
                      SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngsubtype = u.type
                      UNION ALL
                      SELECT c.reltype FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                       WHERE a.atttypid = u.type AND c.relkind = 'c' AND NOT a.attisdropped) AS x)
            SELECT DISTINCT format('%s.%s', c.oid::regclass, quote_ident(a.attname))
              FROM uses u
              JOIN pg_catalog.pg_attribute a ON a.atttypid = u.type AND NOT a.attisdropped
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm')
             ORDER BY 1
            """)
        .param(table.oid())
        .query(String.class)
        .list();
  }
}
