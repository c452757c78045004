package dev.migrator.internal.catalog;

/** How the server writes an index, with the tablespace that it leaves out. */
public final class IndexDefinition {

  private IndexDefinition() {}

  /**
   * What follows USING, as an expression of SQL. Where a session has a default tablespace, a new
   * index lands there unless its statement says otherwise, also one that is made in the place of
   * another.
   *
   * @param index the object id of the index, as an expression
   */
  public static String of(String index) {
    return """
        (SELECT CASE WHEN space.spcname IS NULL OR right(d.text, length(d.predicate)) <> d.predicate THEN d.text
                     ELSE left(d.text, length(d.text) - length(d.predicate)) || ' TABLESPACE '
                          || quote_ident(space.spcname) || d.predicate END
           FROM pg_catalog.pg_index x
           JOIN pg_catalog.pg_class r ON r.oid = x.indexrelid
           JOIN pg_catalog.pg_am m ON m.oid = r.relam
           LEFT JOIN pg_catalog.pg_tablespace space
             ON space.oid = CASE WHEN r.reltablespace <> 0 THEN r.reltablespace
                                 WHEN current_setting('default_tablespace') <> ''
                                 THEN (SELECT dattablespace FROM pg_catalog.pg_database
                                        WHERE datname = current_database()) END
          CROSS JOIN LATERAL (
                 SELECT substr(pg_get_indexdef(x.indexrelid),
                               strpos(pg_get_indexdef(x.indexrelid), ' USING ' || m.amname) + 7) AS text,
                        coalesce(' WHERE ' || pg_get_expr(x.indpred, x.indrelid), '') AS predicate) AS d
          WHERE x.indexrelid = %s)"""
        .formatted(index);
  }

  /**
   * The statements that give an index what it has beyond its definition, as an array of SQL.
   *
   * @param index the object id of the index, as an expression
   */
  static String details(String index) {
    return """
        (SELECT array_remove(
                  ARRAY['COMMENT ON INDEX ' || w.name || ' IS ' || quote_literal(obj_description(x.indexrelid, 'pg_class')),
                        CASE WHEN x.indisclustered
                             THEN format('ALTER TABLE %%s CLUSTER ON %%I', w.of_table, r.relname) END]
                  || ARRAY(SELECT format('ALTER INDEX %%s ALTER COLUMN %%s SET STATISTICS %%s', w.name, a.attnum, a.attstattarget)
                             FROM pg_catalog.pg_attribute a
                            WHERE a.attrelid = x.indexrelid AND a.attstattarget >= 0 ORDER BY a.attnum), NULL)
           FROM pg_catalog.pg_index x
           JOIN pg_catalog.pg_class r ON r.oid = x.indexrelid
           JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
          CROSS JOIN LATERAL (
                 SELECT format('%%I.%%I', n.nspname, r.relname) AS name,
                        format('%%I.%%I', n.nspname, t.relname) AS of_table
                   FROM pg_catalog.pg_namespace n WHERE n.oid = t.relnamespace) AS w
          WHERE x.indexrelid = %s)"""
        .formatted(index);
  }
}
