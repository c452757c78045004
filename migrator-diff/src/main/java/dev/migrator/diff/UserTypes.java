package dev.migrator.diff;

import dev.migrator.internal.sql.Identifiers;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Gives a database the schemas, extensions and types of another one, which mappings can name. What
 * does not work there is left out: whoever names it will miss it.
 */
final class UserTypes {

  private static final String STATEMENTS =
      """
      SELECT sql FROM (
        SELECT 1 AS place, format('CREATE SCHEMA IF NOT EXISTS %I', nspname) AS sql FROM pg_namespace
         WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'migrator', 'public')
        UNION ALL
        SELECT 2, format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I', extname, n.nspname)
          FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname <> 'plpgsql'
        UNION ALL
        SELECT 3, format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                         (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE t.typtype = 'e' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
        UNION ALL
        SELECT 4, format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod))
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE t.typtype = 'd' AND n.nspname NOT IN ('information_schema', 'pg_catalog')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
      ) AS all_of_them ORDER BY place, sql
      """;

  private UserTypes() {}

  static void copy(DataSource from, DataSource to) {
    JdbcClient source = JdbcClient.create(from);
    JdbcClient target = JdbcClient.create(to);
    String schema = source.sql("SELECT current_schema()").query(String.class).single();
    List<String> statements = source.sql(STATEMENTS).query(String.class).list();
    statements.forEach(it -> attempt(target, it));
    if (!schema.equals("public")) {
      String database = target.sql("SELECT current_database()").query(String.class).single();
      target
          .sql(
              "ALTER DATABASE %s SET search_path = %s"
                  .formatted(Identifiers.quote(database), Identifiers.quote(schema)))
          .update();
    }
  }

  private static void attempt(JdbcClient target, String sql) {
    try {
      target.sql(sql).update();
    } catch (DataAccessException ex) {
      // An extension that the server for tests does not have.
    }
  }
}
