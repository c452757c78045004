package dev.migrator.internal.adopt;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A table of another tool. It may belong to somebody else, who must not get anything run by the
 * role of the migrator: neither by reading it (a view, a row policy, a generated column) nor by
 * writing it (a trigger, a default, a check). So it is locked against such changes first, then
 * looked at, and then used.
 *
 * @param tool whose it is, for messages
 */
record ForeignTable(Database database, String tool, String schema, String name) {

  /** No function of somebody else is called to read a value of such a type. */
  private static final Set<String> PLAIN =
      Set.of(
          "text", "varchar", "bpchar", "int2", "int4", "int8", "bool", "timestamp", "timestamptz");

  /**
   * A column.
   *
   * @param type the name of a built-in type; something else if it is none
   * @param required whether a row has to give a value
   */
  record Column(String name, String type, boolean generated, boolean required) {

    boolean isPlain() {
      return PLAIN.contains(type) && !generated;
    }
  }

  /** What the catalog says. */
  record Facts(
      String kind,
      String owner,
      String role,
      boolean mayUse,
      boolean mayRead,
      boolean mayWrite,
      boolean filtered,
      boolean reacts,
      boolean trusted) {}

  String quoted() {
    return Identifiers.quote(schema, name);
  }

  String shown() {
    return schema + "." + name;
  }

  boolean isThere() {
    return facts(new TrustedOwner(null)).isPresent();
  }

  private Optional<Facts> facts(TrustedOwner owner) {
    return database
        .jdbc()
        .sql(
            """
            SELECT c.relkind::text AS kind, pg_catalog.pg_get_userbyid(c.relowner) AS owner, current_user::text AS role,
                   pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_use,
                   pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_read,
                   pg_catalog.has_table_privilege(c.oid, 'INSERT')
                     AND pg_catalog.has_table_privilege(c.oid, 'DELETE') AS may_write,
                   pg_catalog.row_security_active(c.oid) AS filtered,
                   c.relhasrules OR EXISTS (SELECT FROM pg_catalog.pg_trigger t
                                             WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS reacts,
                   o.rolname = current_user OR o.rolsuper OR coalesce(o.rolname = :owner::name, false)
                     OR (NOT o.rolcanlogin AND pg_catalog.pg_has_role(o.oid, 'USAGE')) AS trusted
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
             WHERE n.nspname = :schema AND c.relname = :name
            """)
        .param("owner", owner.name())
        .param("schema", schema)
        .param("name", name)
        .query(Facts.class)
        .optional();
  }

  /**
   * Makes ready to read.
   *
   * @return the columns by their names; empty if there is no such table
   * @throws UnsupportedDatabaseException if it is not one to be read
   */
  Optional<Map<String, Column>> forReading() {
    TrustedOwner nobody = new TrustedOwner(null);
    Facts found = facts(nobody).orElse(null);
    if (found == null) {
      return Optional.empty();
    }
    requireTable(found);
    if (!found.mayUse() || !found.mayRead()) {
      throw refused(
          "the role \"%s\" may not read it; run: GRANT USAGE ON SCHEMA %s TO \"%s\"; GRANT SELECT ON %s TO \"%s\""
              .formatted(
                  found.role(), Identifiers.quote(schema), found.role(), quoted(), found.role()));
    }
    database.execute("LOCK TABLE ONLY " + quoted() + " IN ACCESS SHARE MODE");
    Facts locked = facts(nobody).orElseThrow();
    requireTable(locked);
    if (locked.filtered()) {
      throw refused(
          "row security hides rows of it from the role \"%s\"; let it read all of them"
              .formatted(locked.role()));
    }
    return Optional.of(columns());
  }

  /**
   * Makes ready to write.
   *
   * @throws UnsupportedDatabaseException if it is not one to be written
   */
  void forWriting(TrustedOwner owner) {
    requireWritable(facts(owner).orElseThrow(() -> refused("it is gone")));
    database.execute("LOCK TABLE ONLY " + quoted() + " IN ROW EXCLUSIVE MODE");
    requireWritable(facts(owner).orElseThrow());
  }

  /** The same without a lock, to know it early. */
  void requireWritable(TrustedOwner owner) {
    requireWritable(facts(owner).orElseThrow());
  }

  private void requireWritable(Facts found) {
    requireTable(found);
    if (!found.trusted()) {
      throw refused(
          "it belongs to the role \"%s\", whose triggers and defaults would run with the rights of the role \"%s\"; give it to that role (ALTER TABLE %s OWNER TO …), or name an owner who may do so in migrator.journal-owner"
              .formatted(found.owner(), found.role(), quoted()));
    }
    if (!found.mayUse() || !found.mayWrite()) {
      throw refused(
          "the role \"%s\" may not write it, and the list would become wrong; run: GRANT USAGE ON SCHEMA %s TO \"%s\"; GRANT SELECT, INSERT, DELETE ON %s TO \"%s\""
              .formatted(
                  found.role(), Identifiers.quote(schema), found.role(), quoted(), found.role()));
    }
    if (found.filtered() || found.reacts()) {
      throw refused("it has triggers, rules or row security, which are not its own; remove them");
    }
  }

  private void requireTable(Facts found) {
    if (!found.kind().equals("r")) {
      throw refused("it is no ordinary table, and reading it could run anything; look who made it");
    }
  }

  /**
   * Checks that columns are there, as the tool makes them.
   *
   * @param types what type each may have, by its name
   */
  void require(Map<String, Column> columns, Map<String, Set<String>> types) {
    String wrong =
        types.entrySet().stream()
            .filter(
                it -> {
                  Column found = columns.get(it.getKey());
                  return found == null || !found.isPlain() || !it.getValue().contains(found.type());
                })
            .map(Map.Entry::getKey)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!wrong.isEmpty()) {
      throw refused(
          "it is not as %s makes it: %s missing or of another type. Let a current version of %s upgrade it first"
              .formatted(tool, wrong, tool));
    }
  }

  private Map<String, Column> columns() {
    List<Column> columns =
        database
            .jdbc()
            .sql(
                """
                SELECT a.attname AS name,
                       CASE WHEN tn.nspname = 'pg_catalog' THEN t.typname::text ELSE '' END AS type,
                       a.attgenerated <> '' AS generated,
                       a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
                  FROM pg_catalog.pg_attribute a
                  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
                 WHERE n.nspname = :schema AND c.relname = :name AND a.attnum > 0 AND NOT a.attisdropped
                """)
            .param("schema", schema)
            .param("name", name)
            .query(Column.class)
            .list();
    return columns.stream().collect(Collectors.toMap(Column::name, Function.identity()));
  }

  UnsupportedDatabaseException refused(String why) {
    return new UnsupportedDatabaseException(
        ErrorCode.FOREIGN_HISTORY,
        "the history of %s in %s cannot be taken over: %s".formatted(tool, shown(), why),
        null);
  }

  /** What somebody else wrote, as one short line without characters that mislead a reader. */
  static String shown(String text) {
    String plain = text.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
    return plain.length() > 80 ? plain.substring(0, 80) + "…" : plain;
  }
}
