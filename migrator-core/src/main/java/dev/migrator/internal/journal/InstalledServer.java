package dev.migrator.internal.journal;

import dev.migrator.internal.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * What the first statement of a start tells.
 *
 * @param number the version as a number
 * @param version the version for people
 * @param readOnly whether nothing can be written there
 * @param installed whether the journal is there
 * @param schemaPresent whether its schema is there
 * @param mayCreate whether the role may make it
 * @param mayUse whether the role may use it
 * @param layout which form its tables have; 0 if that is not said
 * @param intruders who else can change it, for people; empty if nobody
 * @param path by what the session finds names
 * @param isolation that of the session's transactions by default
 * @param role the role
 * @param database the name of the database
 * @param journalOwner who owns the journal
 */
record InstalledServer(
    int number,
    String version,
    boolean readOnly,
    boolean installed,
    boolean schemaPresent,
    boolean mayCreate,
    boolean mayUse,
    int layout,
    String intruders,
    String path,
    String isolation,
    String role,
    String database,
    String journalOwner) {

  static InstalledServer look(Database database, @Nullable String owner) {
    return database
        .jdbc()
        .sql(
            """
            SELECT current_setting('server_version_num')::int AS number,
                   split_part(current_setting('server_version'), ' ', 1) AS version,
                   pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS read_only,
                   t.oid IS NOT NULL AND i.oid IS NOT NULL AS installed,
                   n.oid IS NOT NULL AS schema_present,
                   CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                        ELSE has_schema_privilege(n.oid, 'CREATE') END AS may_create,
                   coalesce(pg_has_role(t.relowner, 'USAGE'), false) AS may_use,
                   coalesce(CASE WHEN obj_description(t.oid, 'pg_class') LIKE '{%}'
                                 THEN (obj_description(t.oid, 'pg_class')::jsonb ->> 'layout')::int END, 0) AS layout,
                   coalesce((SELECT string_agg(what, '; ') FROM (
                     SELECT format('the role "%s" owns %s', pg_get_userbyid(owner), name) AS what
                       FROM (SELECT nspowner AS owner, 'the schema' AS name FROM pg_namespace WHERE oid = n.oid
                             UNION ALL SELECT relowner, 'the table ' || relname FROM pg_class
                                        WHERE relnamespace = n.oid AND relkind IN ('r', 'v', 'm', 'p', 'f', 'S')
                             UNION ALL SELECT proowner, 'the function ' || proname FROM pg_proc
                                        WHERE pronamespace = n.oid) AS owned
                      WHERE owner <> t.relowner
                     UNION ALL
                     SELECT format('the role "%s" may %s %s',
                                   CASE grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(grantee) END,
                                   privilege_type, name)
                       FROM (SELECT c.relowner AS owner, 'the table ' || c.relname AS name, (aclexplode(c.relacl)).*
                               FROM pg_class c WHERE c.relnamespace = n.oid
                             UNION ALL
                             SELECT nspowner, 'in the schema', (aclexplode(nspacl)).*
                               FROM pg_namespace WHERE oid = n.oid) AS granted
                      WHERE grantee <> owner
                        AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'CREATE')
                     UNION ALL
                     -- Who can log in as the owner, and is another one, can write it as well.
                     SELECT format('the role "%s" owns it', o.rolname)
                       FROM pg_roles o, pg_roles me
                      WHERE o.oid = t.relowner AND me.rolname = current_user AND o.oid <> me.oid
                        AND (o.rolcanlogin OR (me.rolsuper AND NOT o.rolsuper))
                        AND o.rolname IS DISTINCT FROM :owner::name
                     LIMIT 10) AS found), '') AS intruders,
                   current_setting('search_path') AS path, current_setting('default_transaction_isolation') AS isolation,
                   current_user AS role, current_database() AS database,
                   coalesce(pg_get_userbyid(t.relowner), '') AS journal_owner
              FROM (VALUES (1)) AS one
              LEFT JOIN pg_namespace n ON n.nspname = 'migrator'
              LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = 'migration'
              LEFT JOIN pg_class i ON i.relnamespace = n.oid AND i.relname = 'instance' AND i.relkind = 'r'
            """)
        .param("owner", owner, Types.VARCHAR)
        .query((rs, row) -> of(rs))
        .single();
  }

  private static InstalledServer of(ResultSet rs) throws SQLException {
    return new InstalledServer(
        rs.getInt("number"),
        rs.getString("version"),
        rs.getBoolean("read_only"),
        rs.getBoolean("installed"),
        rs.getBoolean("schema_present"),
        rs.getBoolean("may_create"),
        rs.getBoolean("may_use"),
        rs.getInt("layout"),
        rs.getString("intruders"),
        rs.getString("path"),
        rs.getString("isolation"),
        rs.getString("role"),
        rs.getString("database"),
        rs.getString("journal_owner"));
  }
}
