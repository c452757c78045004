package dev.migrator.internal.operation.notnull;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.DropNotNull;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A column that may be NULL again. */
public final class DropNotNullType implements OperationType<DropNotNull> {

  /** The oldest server on which NOT NULL is a constraint of its own, with a name. */
  private static final int CONSTRAINTS = 180000;

  @Override
  public Class<DropNotNull> operation() {
    return DropNotNull.class;
  }

  @Override
  public OperationFacts facts(DropNotNull drop) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(drop.table(), AffectedObjects.Kind.COLUMNS, List.of(drop.column()))),
        drop.declares(),
        drop.last(),
        null,
        Map.of(
            Phase.EXPAND,
            Definitions.of(
                "dropNotNull", "table", drop.table().toString(), "column", drop.column())));
  }

  @Override
  public ResolvedNotNullDrop resolve(DropNotNull drop, Resolution resolution) {
    TableFacts table = resolution.tables().changed(drop.table());
    resolution.tables().column(table, drop.column());
    if (table.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, and dropNotNull is not supported for such a table".formatted(table));
    }
    return resolution
        .database()
        .jdbc()
        .sql(
            """
            SELECT a.attnotnull, n.conname, coalesce(n.convalidated, true) AS validated, a.attidentity <> '' AS identity,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary
                              AND a.attnum = ANY (i.indkey)) AS primary_key,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisreplident
                              AND a.attnum = ANY (i.indkey)) AS replica_identity
              FROM pg_attribute a
              LEFT JOIN pg_constraint n
                ON n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey[1] = a.attnum
             WHERE a.attrelid = ?::oid AND a.attname = ?
            """)
        .params(table.oid(), drop.column())
        .query((rs, row) -> resolved(drop, resolution, table, rs))
        .single();
  }

  private static ResolvedNotNullDrop resolved(
      DropNotNull drop, Resolution resolution, TableFacts table, ResultSet rs) throws SQLException {
    refuse(rs.getBoolean("primary_key"), "part of the primary key", drop, resolution, table);
    refuse(rs.getBoolean("identity"), "an identity column", drop, resolution, table);
    refuse(
        rs.getBoolean("replica_identity"), "part of the replica identity", drop, resolution, table);
    String name = rs.getString("conname");
    NotNullSql sql =
        (table.serverVersion() >= CONSTRAINTS && name != null)
            ? new NotNullSql(table.quoted(), drop.column(), name, true, false)
            : new NotNullSql(
                table.quoted(),
                drop.column(),
                resolution.names().constraint("not_null"),
                false,
                false);
    return new ResolvedNotNullDrop(
        table, drop.column(), sql, rs.getBoolean("attnotnull"), rs.getBoolean("validated"));
  }

  private static void refuse(
      boolean is, String what, DropNotNull drop, Resolution resolution, TableFacts table) {
    if (is) {
      throw resolution.invalid(
          ErrorCode.COLUMN_UNSUITABLE,
          "the column \"%s\" of %s is %s, which cannot be NULL"
              .formatted(drop.column(), table, what));
    }
  }
}
