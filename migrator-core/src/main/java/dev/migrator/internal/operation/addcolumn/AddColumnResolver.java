package dev.migrator.internal.operation.addcolumn;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.column.TransformProbe;
import dev.migrator.internal.operation.notnull.NotNullReader;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.operation.AddColumn;
import dev.migrator.operation.NewColumn;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Compares a new column with the table that is to get it. Changes nothing. */
final class AddColumnResolver {

  private static final Set<String> SERIAL =
      Set.of("smallserial", "serial", "bigserial", "serial2", "serial4", "serial8");

  private static final Set<String> INTEGERS =
      Set.of("smallint", "int2", "integer", "int", "int4", "bigint", "int8");

  private final Resolution resolution;

  private final Database database;

  AddColumnResolver(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
  }

  ResolvedAddColumn resolve(AddColumn add) {
    TableFacts table = resolution.tables().changed(add.table());
    resolution.tables().requireOwnColumns(table);
    ColumnFacts present = table.column(add.name()).orElse(null);
    if (present != null && resolution.first()) {
      throw resolution.invalid(
          ErrorCode.COLUMN_PRESENT,
          "the table %s already has a column \"%s\" of type %s, which the migration did not add; give the new column another name, or, if no release uses it and nobody needs its values, take it away first, by a migration of its own: dropColumn(\"%s\")"
              .formatted(table, add.name(), present.type(), add.name()));
    }
    if (SERIAL.contains(add.type().strip().toLowerCase(Locale.ROOT))) {
      throw resolution.invalid(
          ErrorCode.TYPE_REWRITES,
          "\"%s\" is not a type but a sequence and a default, and adding it rewrites the whole table; on a table without rows say \"bigint\" with identity(), otherwise create a sequence and say defaultValue(\"nextval('…')\")"
              .formatted(add.type()));
    }
    if (add.identity() && !INTEGERS.contains(add.type().strip().toLowerCase(Locale.ROOT))) {
      throw resolution.invalid(
          ErrorCode.TYPE_INVALID,
          "an identity column is smallint, integer or bigint, and \"%s\" is \"%s\"; give it one of these types"
              .formatted(add.name(), add.type()));
    }
    boolean rewrites = rewrites(add, table);
    ColumnFacts column = wanted(add, table);
    if (present != null && !present.type().equals(column.type())) {
      throw resolution.invalid(
          ErrorCode.COLUMN_PRESENT,
          "the table %s already has a column \"%s\" of type %s, but addColumn says %s; give the new column another name or the same type"
              .formatted(table, add.name(), present.type(), column.type()));
    }
    if (resolution.first()) {
      resolution.tables().requireRoom(table, List.of(column.type()));
      resolution.code().beforeNewColumns(table);
      if (rewrites) {
        resolution.tables().requireReplicaIdentity(table);
      } else if (add.defaultValue() != null) {
        requireRowsOfItsOwn(add, table);
      }
    }
    if (add.identity()) {
      checkIdentity(add, table, present == null);
    }
    if (add.defaultValue() != null) {
      checkDefault(add, add.defaultValue(), column);
    }
    return new ResolvedAddColumn(
        table,
        add,
        column,
        present,
        rewrites && !add.identity() ? filling(add) : null,
        new NotNullReader(database).read(table, add.name(), resolution.names()));
  }

  /** What the default means, which the rows are filled with in a later phase. */
  private @Nullable String filling(AddColumn add) {
    return (add.defaultValue() == null)
        ? null
        : resolution.qualified(
            add.defaultValue(), add.name(), "(SELECT 1) AS none", it -> computes(it));
  }

  private boolean computes(String expression) {
    try {
      database.attempt(
          () -> database.query("EXPLAIN SELECT (%s)".formatted(expression), (rs, row) -> row));
      return true;
    } catch (DataAccessException ex) {
      return false;
    }
  }

  /** Values of the row's type that are stored elsewhere would get the default as well. */
  private void requireRowsOfItsOwn(AddColumn add, TableFacts table) {
    List<String> stored = resolution.tables().storedRows(table);
    if (!stored.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.TYPE_REWRITES,
          "rows of %s are stored as values in %s, and the server adds no column with a default then; say .addColumn(\"%s\", \"%s\") first, then setDefault, then setNotNull with fillNullsWith"
              .formatted(table, String.join(", ", stored), add.name(), add.type()));
    }
  }

  private ColumnFacts wanted(AddColumn add, TableFacts table) {
    return new TransformProbe(resolution)
        .newSide(table, List.of(new NewColumn(add.name(), add.type())))
        .get(0);
  }

  /** The server numbers the rows that are there by rewriting all of them. */
  private void checkIdentity(AddColumn add, TableFacts table, boolean absent) {
    if (table.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, which identity() does not support; create a sequence and say defaultValue(\"nextval('…')\")"
              .formatted(table));
    }
    if (absent && hasRows(table)) {
      throw resolution.invalid(
          ErrorCode.TYPE_REWRITES,
          "the table %s has rows, all of which an identity column would rewrite while nobody can use the table; create a sequence and say .addColumn(\"%s\", \"%s\", it -> it.defaultValue(\"nextval('…')\").notNull())"
              .formatted(table, add.name(), add.type()));
    }
  }

  private boolean hasRows(TableFacts table) {
    return database
        .query(
            "SELECT EXISTS (SELECT FROM %s)".formatted(table.quoted()),
            (rs, row) -> rs.getBoolean(1))
        .get(0);
  }

  /** Lets the server add it to an empty table: a new file says that it would write all rows. */
  private boolean rewrites(AddColumn add, TableFacts table) {
    return resolution
        .tableClone()
        .tried(
            "new column \"%s\"".formatted(add.name()),
            table,
            "",
            clone -> {
              database.execute(
                  "ALTER TABLE %s DROP COLUMN IF EXISTS %s"
                      .formatted(clone, Identifiers.quote(add.name())));
              long before = file(clone);
              database.execute(
                  "ALTER TABLE %s ADD COLUMN %s"
                      .formatted(clone, ResolvedAddColumn.definition(add, true)));
              return file(clone) != before;
            });
  }

  private long file(String table) {
    return database
        .jdbc()
        .sql("SELECT pg_relation_filenode(to_regclass(?))")
        .param(table)
        .query(Long.class)
        .single();
  }

  /** A default that fails, or is NULL where that is not allowed, fails every insert. */
  private void checkDefault(AddColumn add, String expression, ColumnFacts column) {
    boolean isNull;
    try {
      isNull =
          database.andRollBack(
              () ->
                  database
                      .query(
                          "SELECT (CAST((%s) AS %s)) IS NULL".formatted(expression, column.type()),
                          (rs, row) -> rs.getBoolean(1))
                      .get(0));
    } catch (DataAccessException ex) {
      throw resolution.invalid(
          ErrorCode.DEFAULT_UNFIT,
          "the default of the new column \"%s\" fails: %s"
              .formatted(add.name(), SqlState.describe(ex)));
    }
    if (isNull && add.notNull()) {
      throw resolution.invalid(
          ErrorCode.DEFAULT_UNFIT,
          "the default of the new column \"%s\" is NULL, but the column is NOT NULL; give it another default"
              .formatted(add.name()));
    }
  }
}
