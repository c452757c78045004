package dev.migrator.internal.operation.column;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Calls;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import java.util.List;
import java.util.Set;
import org.springframework.dao.DataAccessException;

/**
 * What a transform calls. It runs in the session of every writer, under its role: it must give the
 * same in each, and each must be allowed to call it.
 */
final class TransformFunctions {

  private static final String VIEW = Identifiers.quote(ObjectNames.SCHEMA, "probe_transform");

  private static final String PROBE = Identifiers.quote(ObjectNames.SCHEMA, "probe");

  private static final Set<String> PUTTING_TOGETHER = Set.of("concat", "concat_ws", "format");

  private final Resolution resolution;

  private final Database database;

  TransformFunctions(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
  }

  /**
   * Checks the transform of a column, which is known to be valid.
   *
   * @param source the other side's columns, as a row that it can be computed from
   */
  void check(TableFacts table, ColumnFacts column, String transform, String source, String alias) {
    String expression = "CAST((%s) AS %s)".formatted(transform, column.type());
    database.andRollBack(
        () -> {
          database.execute(
              "CREATE VIEW %s AS SELECT %s AS value FROM (SELECT %s) AS %s"
                  .formatted(VIEW, expression, source, alias));
          if (isMutable(expression)) {
            throw resolution.invalid(
                ErrorCode.TRANSFORM_NOT_IMMUTABLE, notImmutable(column, transform));
          }
          List<String> refused = refused(table);
          if (!refused.isEmpty()) {
            throw resolution.invalid(
                ErrorCode.TRANSFORM_NOT_CALLABLE,
                "roles that may write to %s may not call what the transform of \"%s\" calls, so that their writes would not be copied: %s"
                    .formatted(table, column.name(), String.join("; ", refused)));
          }
          return true;
        });
  }

  /**
   * An index accepts only what gives the same in every session and at any time. What puts texts
   * together counts as mutable for the sake of other types, whose output depends on the session;
   * with texts alone it takes what {@code coalesce} takes.
   */
  private boolean isMutable(String expression) {
    try {
      index(expression);
      return false;
    } catch (DataAccessException ex) {
      if (SqlState.isNotSupported(ex)) {
        // A subquery; a pool may have closed the connection because of it.
        throw resolution.invalid(
            ErrorCode.TRANSFORM_NOT_IMMUTABLE,
            "%s has a subquery, whose result depends on other rows, so that both sides would differ without a sign; compute a column from the columns of its own row"
                .formatted(expression));
      }
      if (!SqlState.isInvalidDefinition(ex)) {
        return false; // such as a column that is named with its table, which says nothing of that
      }
    }
    String ofTexts = Calls.renamed(expression, PUTTING_TOGETHER, "coalesce");
    try {
      index(ofTexts);
      return false;
    } catch (DataAccessException ex) {
      return true;
    }
  }

  private void index(String expression) {
    database.andRollBack(
        () -> {
          database.execute("CREATE INDEX ON %s (((%s) IS NULL))".formatted(PROBE, expression));
          return true;
        });
  }

  private String notImmutable(ColumnFacts column, String transform) {
    List<String> functions = mutable();
    return "what \"%s\" is computed by (%s) is not immutable%s: its result depends on the session or on the time, such as on TimeZone, DateStyle or search_path, so that both sides would differ without a sign; write a form that does not, such as a AT TIME ZONE 'UTC' or first || ' ' || last, and mark a function of your own IMMUTABLE if it is"
        .formatted(
            column.name(),
            transform,
            functions.isEmpty() ? "" : " because of " + String.join(", ", functions));
  }

  /** The text of a rule names every function by its object id. */
  private List<String> mutable() {
    return database
        .jdbc()
        .sql(
            """
            SELECT DISTINCT p.oid::regprocedure::text
              FROM pg_catalog.pg_rewrite r,
                   LATERAL regexp_matches(r.ev_action::text, 'funcid ([0-9]+)', 'g') AS m
              JOIN pg_catalog.pg_proc p ON p.oid = m[1]::oid
             WHERE r.ev_class = ?::regclass AND p.provolatile <> 'i' ORDER BY 1
            """)
        .param(VIEW)
        .query(String.class)
        .list();
  }

  private List<String> refused(TableFacts table) {
    return database
        .jdbc()
        .sql(
            """
            WITH called(proc) AS (
              SELECT coalesce(o.oprcode, d.refobjid) FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
                LEFT JOIN pg_catalog.pg_operator o
                  ON d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
               WHERE r.ev_class = :view::regclass
                 AND (o.oid IS NOT NULL OR d.refclassid = 'pg_catalog.pg_proc'::regclass)
            ), named(namespace, what) AS (
              -- The text is read in the session of the writer, which finds only what it may use.
              SELECT o.oprnamespace, 'operator ' || o.oid::regoperator
                FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
                JOIN pg_catalog.pg_operator o
                  ON d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
               WHERE r.ev_class = :view::regclass
              UNION ALL
              SELECT t.typnamespace, 'type ' || t.oid::regtype
                FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
                JOIN pg_catalog.pg_type t
                  ON d.refclassid = 'pg_catalog.pg_type'::regclass AND t.oid = d.refobjid
               WHERE r.ev_class = :view::regclass
            )
            SELECT format('"%s" lacks %s', w.rolname,
                          CASE WHEN has_schema_privilege(w.oid, p.pronamespace, 'USAGE')
                               THEN 'EXECUTE on ' || p.oid::regprocedure
                               ELSE 'USAGE on the schema of ' || p.oid::regprocedure END)
              FROM called c JOIN pg_catalog.pg_proc p ON p.oid = c.proc
              CROSS JOIN pg_catalog.pg_roles w
             WHERE NOT w.rolsuper AND NOT starts_with(w.rolname, 'pg_')
               AND has_any_column_privilege(w.oid, :table::oid, 'INSERT, UPDATE')
               AND NOT (has_schema_privilege(w.oid, p.pronamespace, 'USAGE')
                        AND has_function_privilege(w.oid, p.oid, 'EXECUTE'))
            UNION
            SELECT format('"%s" lacks USAGE on the schema of %s', w.rolname, n.what)
              FROM named n CROSS JOIN pg_catalog.pg_roles w
             WHERE NOT w.rolsuper AND NOT starts_with(w.rolname, 'pg_')
               AND has_any_column_privilege(w.oid, :table::oid, 'INSERT, UPDATE')
               AND NOT has_schema_privilege(w.oid, n.namespace, 'USAGE')
             ORDER BY 1 LIMIT 10
            """)
        .param("view", VIEW)
        .param("table", table.oid())
        .query(String.class)
        .list();
  }
}
