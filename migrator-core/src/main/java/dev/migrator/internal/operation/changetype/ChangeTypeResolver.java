package dev.migrator.internal.operation.changetype;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.Dependency;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.column.TransformProbe;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.ChangeType;
import dev.migrator.operation.NewColumn;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares a wider type with the column that is to get it. Changes nothing. */
final class ChangeTypeResolver {

  /** Besides those of one type: whose values are all values of the other, written the same. */
  private static final Map<String, String> WIDER =
      Map.of(
          "character varying", "text",
          "text", "character varying",
          "bit", "bit varying",
          "cidr", "inet");

  /** The kinds of indexes and constraints that the server keeps as they are. */
  private static final Set<String> KEPT = Set.of("i", "p", "u", "acl");

  private final Resolution resolution;

  private final Database database;

  ChangeTypeResolver(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
  }

  ResolvedTypeChange resolve(ChangeType change) {
    TableFacts table =
        resolution.withQualifiedDefaults(
            resolution.tables().changed(change.table()), List.of(change.column()));
    resolution.tables().requireOwnColumns(table);
    ColumnFacts column = resolution.tables().column(table, change.column());
    ColumnFacts wanted =
        new TransformProbe(resolution)
            .newSide(table, List.of(new NewColumn(change.column(), change.type())))
            .get(0);
    if (column.type().equals(wanted.type())) {
      return new ResolvedTypeChange(table, column, wanted.type(), false);
    }
    check(table, column, wanted.type());
    return new ResolvedTypeChange(
        table, column, wanted.type(), backRewrites(table, column, wanted));
  }

  private void check(TableFacts table, ColumnFacts column, String type) {
    if (column.kind() != ColumnFacts.Kind.PLAIN) {
      throw refused(table, column, type, "it is an identity or a generated column");
    }
    if (table.partitioned()) {
      throw refused(table, column, type, "the table is partitioned");
    }
    String from = base(column.type());
    String to = base(type);
    if (!from.equals(to) && !to.equals(WIDER.get(from))) {
      throw refused(table, column, type, "these are different kinds of values");
    }
    List<String> rows = resolution.tables().storedRows(table);
    if (!rows.isEmpty()) {
      throw refused(
          table,
          column,
          type,
          "rows of the table are stored as values in " + String.join(", ", rows));
    }
    List<String> dependents =
        resolution.catalog().dependents(table.oid(), List.of(column.name())).stream()
            .filter(it -> !KEPT.contains(it.kind()))
            .map(Dependency::description)
            .toList();
    if (!dependents.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.DEPENDENTS_LOST,
          "these depend on the column \"%s\" of %s, and would keep its type from changing, or have all rows checked or another table locked meanwhile: %s; drop them first and make them again afterwards"
              .formatted(column.name(), table, String.join("; ", dependents)));
    }
  }

  /** Has the server change it both ways on an empty table: a new file says that it writes rows. */
  private boolean backRewrites(TableFacts table, ColumnFacts column, ColumnFacts wanted) {
    ResolvedTypeChange change = new ResolvedTypeChange(table, column, wanted.type(), false);
    return resolution
        .tableClone()
        .tried(
            "type \"%s\" of \"%s\"".formatted(wanted.type(), column.name()),
            table,
            "INCLUDING INDEXES INCLUDING DEFAULTS",
            clone -> {
              Map<String, Long> before = files(clone);
              database.execute(change.alter(clone, wanted.type()));
              Map<String, Long> after = files(clone);
              if (!after.equals(before)) {
                throw refused(
                    table,
                    column,
                    wanted.type(),
                    "the server would have to write all rows, or an index, anew");
              }
              database.execute(change.alter(clone, column.type()));
              return !files(clone).equals(before);
            });
  }

  private Map<String, Long> files(String table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT c.relname, pg_relation_filenode(c.oid) AS file FROM pg_class c
             WHERE c.oid = to_regclass(:table)
                OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = to_regclass(:table))
            """)
        .param("table", table)
        .query((rs, row) -> Map.entry(rs.getString("relname"), rs.getLong("file")))
        .list()
        .stream()
        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The type without its modifiers, and that of a domain. */
  private String base(String type) {
    return database
        .query(
            """
            WITH RECURSIVE up AS (
              SELECT oid, typtype, typbasetype FROM pg_type WHERE oid = pg_typeof(CAST(NULL AS %s))::oid
              UNION ALL
              SELECT t.oid, t.typtype, t.typbasetype FROM up JOIN pg_type t ON t.oid = up.typbasetype
               WHERE up.typtype = 'd')
            SELECT format_type(oid, NULL) FROM up WHERE typtype <> 'd'
            """
                .formatted(type),
            (rs, row) -> rs.getString(1))
        .get(0);
  }

  private InvalidMigrationException refused(
      TableFacts table, ColumnFacts column, String type, String reason) {
    return resolution.invalid(
        ErrorCode.TYPE_CHANGE_UNSAFE,
        "the type of \"%s\" of %s cannot change from %s to %s in place without blocking the application or breaking older releases: %s; add a column of another name by addColumn(\"…\", \"%s\") and dualWrite(\"%s\", \"…\")"
            .formatted(column.name(), table, column.type(), type, reason, type, column.name()));
  }
}
