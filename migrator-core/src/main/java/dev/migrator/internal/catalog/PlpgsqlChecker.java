package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.SqlState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Has the extension {@code plpgsql_check} look at functions, where it is installed: it sees which
 * column a statement means, also where the text does not name the table, as in what another
 * function returns.
 *
 * @param database the database
 */
public record PlpgsqlChecker(Database database) {

  private static final Logger logger = LoggerFactory.getLogger(PlpgsqlChecker.class);

  /** More are not asked for: they are checked while the table is locked. */
  private static final int MOST = 100;

  /**
   * The function of the extension; empty if that is not installed. Only one that belongs to it: who
   * may create functions could give one of his that name.
   */
  private Optional<String> function() {
    return isInstalled() ? found() : Optional.empty();
  }

  private boolean isInstalled() {
    return database
        .jdbc()
        .sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'plpgsql_check')")
        .query(Boolean.class)
        .single();
  }

  private Optional<String> found() {
    return database
        .jdbc()
        .sql(
            """
            SELECT n.nspname FROM pg_catalog.pg_extension e
              JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::regclass
               AND d.refobjid = e.oid AND d.classid = 'pg_catalog.pg_proc'::regclass AND d.deptype = 'e'
              JOIN pg_catalog.pg_proc p ON p.oid = d.objid AND p.proname = 'plpgsql_check_function_tb'
              JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             WHERE e.extname = 'plpgsql_check' AND has_function_privilege(p.oid, 'EXECUTE')
               AND has_schema_privilege(n.oid, 'USAGE') LIMIT 1
            """)
        .query(String.class)
        .optional()
        .map(it -> Identifiers.quote(it, "plpgsql_check_function_tb"));
  }

  /**
   * What the extension says of columns and tables that are not there, in functions whose text has
   * one of some words. In a transaction.
   *
   * @param words names of columns or tables
   * @return by function with its schema and arguments; empty if the extension is not there or fails
   */
  public Optional<Map<String, List<String>>> missing(Collection<String> words) {
    return function()
        .map(
            it -> {
              try {
                return database.attempt(() -> missing(it, words));
              } catch (DataAccessException ex) {
                if (SqlState.isContention(ex)) {
                  throw ex;
                }
                logger.info("plpgsql_check could not be asked: {}", SqlState.describe(ex));
                return null;
              }
            });
  }

  private Map<String, List<String>> missing(String function, Collection<String> words) {
    Map<String, List<String>> missing = new TreeMap<>();
    database
        .jdbc()
        .sql(
            """
            SELECT p.signature, c.lineno, c.message
              FROM (SELECT p.oid, g.tgrelid, n.nspname || '.' || p.proname || '('
                             || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS signature
                      FROM pg_catalog.pg_proc p
                      JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
                      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                      LEFT JOIN LATERAL (SELECT DISTINCT g.tgrelid FROM pg_catalog.pg_trigger g
                                          WHERE g.tgfoid = p.oid AND NOT g.tgisinternal) AS g ON true
                     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator')
                       AND (p.prorettype <> 'trigger'::regtype OR g.tgrelid IS NOT NULL)
                       AND p.prorettype <> 'event_trigger'::regtype
                       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                        WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                                          AND d.deptype = 'e')
                       AND EXISTS (SELECT FROM unnest(:words::text[]) AS w
                                    WHERE strpos(lower(p.prosrc), lower(w)) > 0)
                     ORDER BY p.oid LIMIT %d) AS p,
                   LATERAL %s(p.oid, coalesce(p.tgrelid, 0), fatal_errors := false, other_warnings := false,
                              performance_warnings := false, extra_warnings := false) AS c
             WHERE c.sqlstate IN ('42703', '42P01') ORDER BY 1, 2
            """
                .formatted(MOST, function))
        .param("words", words.toArray(String[]::new))
        .query(
            rs -> {
              missing
                  .computeIfAbsent(rs.getString("signature"), it -> new ArrayList<>())
                  .add("line %d: %s".formatted(rs.getInt("lineno"), rs.getString("message")));
            });
    return missing;
  }
}
