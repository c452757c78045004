package dev.migrator.internal.journal;

import dev.migrator.internal.catalog.UserFunctions;
import dev.migrator.internal.sql.Database;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * Who can change the journal beside the role that works: what it holds is run with the rights of
 * that role. Nearly always there is nobody, which is told in a fraction of the time that naming
 * them takes.
 */
final class JournalIntruders {

  /**
   * Whether there may be any, of the schema {@code n} and its table {@code t}. True wherever {@link
   * #of} finds somebody: all owners are the role itself, and no privilege was ever granted, or
   * somebody is to be looked for.
   */
  static final String POSSIBLE =
      """
      coalesce(n.nspowner <> t.relowner OR n.nspacl IS NOT NULL OR pg_get_userbyid(t.relowner) <> current_user
               OR EXISTS (SELECT FROM pg_class c
                           WHERE c.relnamespace = n.oid AND (c.relowner <> t.relowner OR c.relacl IS NOT NULL
                                 OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)))
               OR EXISTS (SELECT FROM pg_proc p
                           WHERE p.oid >= %d AND p.pronamespace = n.oid AND p.proowner <> t.relowner), n.oid IS NOT NULL)"""
          .formatted(UserFunctions.FIRST);

  private JournalIntruders() {}

  /** Whether there may be any. */
  static boolean arePossible(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT %s AS possible
              FROM pg_namespace n
              LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = 'migration'
             WHERE n.nspname = 'migrator'
            """
                .formatted(POSSIBLE))
        .query((rs, row) -> rs.getBoolean("possible"))
        .optional()
        .orElse(true);
  }

  /**
   * Who they are, for people; empty if nobody is.
   *
   * @param owner who may own it beside the role that works; {@code null} if nobody else may
   */
  static String of(Database database, @Nullable String owner) {
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce((SELECT string_agg(what, '; ') FROM (
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
                             SELECT c.relowner, format('the column %s of the table %s', a.attname, c.relname),
                                    (aclexplode(a.attacl)).*
                               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                              WHERE c.relnamespace = n.oid
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
                     LIMIT 10) AS found), '') AS intruders
              FROM pg_namespace n
              LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = 'migration'
             WHERE n.nspname = 'migrator'
            """)
        .param("owner", owner, Types.VARCHAR)
        .query((rs, row) -> rs.getString("intruders"))
        .optional()
        .orElse("");
  }
}
