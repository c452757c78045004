package dev.migrator.internal.operation.constraint;

import dev.migrator.internal.catalog.IndexDefinition;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads the constraints of a table. */
final class TableConstraintReader {

  private static final String COLUMN_NAMES =
      """
      ARRAY(SELECT a.attname::text FROM unnest(%s) WITH ORDINALITY k(num, ord)
              JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.num ORDER BY k.ord)
      """;

  private static final String CONSTRAINT =
      """
      SELECT c.contype, c.convalidated, obj_description(c.oid, 'pg_constraint') AS comment,
             regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition,
             pg_get_expr(c.conbin, c.conrelid) AS expression,
             to_jsonb(c) ->> 'conenforced' IS DISTINCT FROM 'false'
               AND to_jsonb(c) ->> 'conperiod' IS DISTINCT FROM 'true'
               AND c.coninhcount = 0 AND c.conislocal AS plain,
             %s AS columns, %s AS parent_columns,
             CASE WHEN c.confrelid <> 0 THEN ARRAY[n.nspname::text, p.relname::text] ELSE '{}' END AS parent,
             CASE WHEN c.contype = 'u' THEN %s END AS index,
             c.contype = 'u' AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.conindid
                                            AND i.indisclustered) AS clustered,
             CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END
               || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END AS timing,
             c.contype = 'u' AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.conindid
                                            AND i.indisreplident) AS replica_identity,
             CASE WHEN c.contype = 'u' THEN obj_description(c.conindid, 'pg_class') END AS index_comment,
             ARRAY(SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d
                    WHERE d.deptype = 'n'
                      AND ((d.refclassid = 'pg_constraint'::regclass AND d.refobjid = c.oid)
                           OR (c.contype = 'u' AND d.refclassid = 'pg_class'::regclass
                               AND d.refobjid = c.conindid))
                    ORDER BY 1) AS dependents
        FROM pg_constraint c
        LEFT JOIN pg_class p ON p.oid = c.confrelid
        LEFT JOIN pg_namespace n ON n.oid = p.relnamespace
       WHERE c.conrelid = ?::oid AND c.conname = ?
      """
          .formatted(
              COLUMN_NAMES.formatted("c.conkey", "c.conrelid"),
              COLUMN_NAMES.formatted("c.confkey", "c.confrelid"),
              IndexDefinition.of("c.conindid"));

  private final Resolution resolution;

  TableConstraintReader(Resolution resolution) {
    this.resolution = resolution;
  }

  Optional<TableConstraint> read(TableFacts table, String name) {
    return resolution
        .constraints()
        .pinned(
            () ->
                resolution
                    .database()
                    .jdbc()
                    .sql(CONSTRAINT)
                    .params(table.oid(), name)
                    .query(TableConstraintReader::constraint)
                    .optional());
  }

  /** The names of all constraints of a table, for messages. */
  String names(TableFacts table) {
    List<String> names =
        resolution
            .database()
            .jdbc()
            .sql("SELECT conname FROM pg_constraint WHERE conrelid = ?::oid ORDER BY conname")
            .param(table.oid())
            .query(String.class)
            .list();
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static TableConstraint constraint(ResultSet rs, int row) throws SQLException {
    return new TableConstraint(
        rs.getString("contype"),
        rs.getString("definition"),
        rs.getBoolean("convalidated"),
        rs.getBoolean("plain"),
        strings(rs, "columns"),
        rs.getString("expression"),
        strings(rs, "parent"),
        strings(rs, "parent_columns"),
        rs.getString("index"),
        rs.getString("timing"),
        rs.getBoolean("clustered"),
        rs.getBoolean("replica_identity"),
        rs.getString("comment"),
        rs.getString("index_comment"),
        strings(rs, "dependents"));
  }

  private static List<String> strings(ResultSet rs, String column) throws SQLException {
    return List.of((String[]) rs.getArray(column).getArray());
  }
}
