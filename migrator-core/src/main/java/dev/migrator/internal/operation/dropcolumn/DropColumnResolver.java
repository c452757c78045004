package dev.migrator.internal.operation.dropcolumn;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.Dependency;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.DropColumn;
import java.util.List;

/** Compares a column that is to go with the table that has it. Changes nothing. */
final class DropColumnResolver {

  private final Resolution resolution;

  private final Database database;

  DropColumnResolver(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
  }

  ResolvedDropColumn resolve(DropColumn drop) {
    TableFacts table = resolution.tables().changed(drop.table());
    resolution.tables().requireOwnColumns(table);
    if (!resolution.first() && table.column(drop.name()).isEmpty()) {
      return new ResolvedDropColumn(table, drop.name(), resolution.names(), null);
    }
    ColumnFacts column = resolution.tables().column(table, drop.name());
    if (table.partitioned()) {
      checkPartitions(table, column);
    }
    checkDependents(table, column);
    if (isNeverNullByType(table, column)) {
      throw resolution.invalid(
          ErrorCode.COLUMN_NOT_OMISSIBLE,
          "the type %s of \"%s\" is a domain with NOT NULL, so that no insert can leave the column out; give the column a default first"
              .formatted(column.type(), column.name()));
    }
    boolean omissible =
        !column.notNull()
            || column.defaultExpression() != null
            || column.kind() != ColumnFacts.Kind.PLAIN;
    return new ResolvedDropColumn(
        table, drop.name(), resolution.names(), omissible ? null : notNull(table, column));
  }

  private void checkPartitions(TableFacts table, ColumnFacts column) {
    if (table.partitionKeys().contains(column.name())) {
      throw resolution.invalid(
          ErrorCode.PARTITION_KEY,
          "%s is partitioned by %s, so that \"%s\" cannot be dropped; make a new partitioned table and move the rows"
              .formatted(table, String.join(", ", table.partitionKeys()), column.name()));
    }
    List<String> own = resolution.partitions().reader().own(table.oid(), List.of(column.name()));
    if (!own.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONS_DIFFER,
          "partitions of %s differ from it in what depends on \"%s\": %s; drop it there first"
              .formatted(table, column.name(), String.join("; ", own)));
    }
  }

  /**
   * A constraint would go on rejecting rows, or deleting them, by a column that nobody knows any
   * longer; and what has other columns as well would be lost with this one.
   */
  private void checkDependents(TableFacts table, ColumnFacts column) {
    List<String> goesAlong = goesAlong(table, column);
    boolean identity = column.kind() == ColumnFacts.Kind.IDENTITY;
    List<String> others =
        resolution.catalog().dependents(table.oid(), List.of(column.name())).stream()
            .filter(it -> !(identity && it.catalog().equals("pg_class") && it.kind().equals("S")))
            .filter(it -> !it.kind().equals("acl"))
            .map(Dependency::description)
            .filter(it -> !goesAlong.contains(it))
            .toList();
    if (!others.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.DEPENDENTS_LOST,
          "these depend on the column \"%s\" of %s and would be lost or broken: %s; drop them or change them first"
              .formatted(column.name(), table, String.join("; ", others)));
    }
  }

  /** The indexes that only make reading by this column faster. */
  private List<String> goesAlong(TableFacts table, ColumnFacts column) {
    return database
        .jdbc()
        .sql(
            """
            SELECT pg_describe_object('pg_class'::regclass, i.indexrelid, 0) FROM pg_index i
             WHERE i.indrelid = :table::oid AND NOT i.indisunique AND NOT i.indisreplident
               AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
               AND NOT EXISTS (
                     SELECT FROM pg_depend d
                       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
                        AND a.attname <> :column)
            """)
        .param("table", table.oid())
        .param("column", column.name())
        .query(String.class)
        .list();
  }

  private boolean isNeverNullByType(TableFacts table, ColumnFacts column) {
    return column.defaultExpression() == null
        && database
            .jdbc()
            .sql(
                """
                SELECT t.typnotnull AND t.typdefault IS NULL
                  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                 WHERE a.attrelid = ?::oid AND a.attname = ?
                """)
            .params(table.oid(), column.name())
            .query(Boolean.class)
            .single();
  }

  /** From 18 on a NOT NULL has a name, which an undo gives it again. */
  private NotNullSql notNull(TableFacts table, ColumnFacts column) {
    return database
        .jdbc()
        .sql(
            """
            SELECT conname FROM pg_constraint
             WHERE conrelid = :table::oid AND contype = 'n'
               AND conkey[1] = (SELECT attnum FROM pg_attribute
                                 WHERE attrelid = :table::oid AND attname = :column)
            """)
        .param("table", table.oid())
        .param("column", column.name())
        .query(String.class)
        .optional()
        .map(it -> new NotNullSql(table.quoted(), column.name(), it, true, false))
        .orElseGet(
            () ->
                new NotNullSql(
                    table.quoted(),
                    column.name(),
                    resolution.names().constraint("not_null"),
                    false,
                    false));
  }
}
