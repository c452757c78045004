package dev.migrator.internal.journal;

import dev.migrator.internal.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;

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
 * @param intrudersPossible whether others may be able to change it, see {@link JournalIntruders}
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
    boolean intrudersPossible,
    String path,
    String isolation,
    String role,
    String database,
    String journalOwner) {

  static InstalledServer look(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT current_setting('server_version_num')::int AS number,
                   split_part(current_setting('server_version'), ' ', 1) AS version,
                   pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS read_only,
                   t.oid IS NOT NULL AND EXISTS (
                     SELECT FROM pg_class i
                      WHERE i.relnamespace = n.oid AND i.relname = 'instance' AND i.relkind = 'r') AS installed,
                   n.oid IS NOT NULL AS schema_present,
                   CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                        ELSE has_schema_privilege(n.oid, 'CREATE') END AS may_create,
                   coalesce(pg_has_role(t.relowner, 'USAGE'), false) AS may_use,
                   coalesce((SELECT CASE WHEN d.description LIKE '{%%}' THEN (d.description::jsonb ->> 'layout')::int END
                               FROM pg_description d
                              WHERE d.objoid = t.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0), 0) AS layout,
                   %s AS intruders_possible,
                   current_setting('search_path') AS path, current_setting('default_transaction_isolation') AS isolation,
                   current_user AS role, current_database() AS database,
                   coalesce(pg_get_userbyid(t.relowner), '') AS journal_owner
              FROM (VALUES (1)) AS one
              LEFT JOIN pg_namespace n ON n.nspname = 'migrator'
              LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = 'migration'
            """
                .formatted(JournalIntruders.POSSIBLE))
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
        rs.getBoolean("intruders_possible"),
        rs.getString("path"),
        rs.getString("isolation"),
        rs.getString("role"),
        rs.getString("database"),
        rs.getString("journal_owner"));
  }
}
