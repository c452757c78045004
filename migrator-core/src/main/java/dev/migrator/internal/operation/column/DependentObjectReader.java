package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.IndexDefinition;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ObjectNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how the indexes and constraints of a column would read on another one. No text is
 * replaced: the table's shape is cloned into an empty table of our own, the clone's column is
 * renamed, and the server writes the definitions. The clone is rolled back.
 */
public final class DependentObjectReader {

  private static final String CLONE = Identifiers.quote(ObjectNames.SCHEMA, "clone");

  private static final String INDEXES =
      """
      SELECT c.relname AS name, i.indisunique AS is_unique,
             %3$s AS definition,
             con.conname AS constraint_name,
             CASE WHEN con.condeferrable THEN ' DEFERRABLE' ELSE '' END
               || CASE WHEN con.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END AS deferrability
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.contype = 'u'
       WHERE i.indrelid = to_regclass('%1$s') AND i.indisvalid AND NOT i.indisprimary
         AND EXISTS (SELECT FROM pg_depend d JOIN pg_attribute a
                       ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
                        AND a.attname = %2$s
                        AND (d.classid, d.objid) IN (('pg_class'::regclass, i.indexrelid),
                                                     ('pg_constraint'::regclass, con.oid)))
       ORDER BY c.relname
      """;

  private static final String CHECKS =
      """
      SELECT conname AS name, pg_get_constraintdef(con.oid) AS definition
        FROM pg_constraint con
       WHERE con.conrelid = to_regclass('%s') AND con.contype = 'c' AND (con.convalidated OR %s)
         AND (SELECT attnum FROM pg_attribute WHERE attrelid = con.conrelid AND attname = %s) = ANY (con.conkey)
       ORDER BY conname
      """;

  private static final String FOREIGN_KEYS =
      """
      WITH fk AS (
        SELECT con.*, pg_get_constraintdef(con.oid) AS def,
               (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.ord)
                  FROM unnest(con.conkey) WITH ORDINALITY k(num, ord)
                  JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.num) AS columns,
               (SELECT string_agg(CASE WHEN a.attname = %s THEN %s ELSE quote_ident(a.attname) END, ', ' ORDER BY k.ord)
                  FROM unnest(con.conkey) WITH ORDINALITY k(num, ord)
                  JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.num) AS columns_after
          FROM pg_constraint con
         WHERE con.conrelid = to_regclass('%s') AND con.contype = 'f' AND con.conparentid = 0
           AND (con.convalidated OR %s)
           AND (SELECT attnum FROM pg_attribute WHERE attrelid = con.conrelid AND attname = %s) = ANY (con.conkey)
      )
      SELECT conname AS name, replace(def, ' NOT VALID', '') AS original,
             replace('FOREIGN KEY (' || columns_after || ')'
                     || substr(def, length('FOREIGN KEY (' || columns || ')') + 1), ' NOT VALID', '') AS definition,
             (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = confrelid) AS parent
        FROM fk ORDER BY conname
      """;

  private final Database database;

  private final List<String> lost = new ArrayList<>();

  public DependentObjectReader(Database database) {
    this.database = database;
  }

  /** What of the old column can be copied, as it would be on the new one. */
  public List<DependentObject> read(TableFacts table, ColumnFacts from, ColumnFacts to) {
    return database.andRollBack(
        () -> {
          // Definitions shall name everything with its schema, whatever the path is when they are
          // used.
          database.execute("SET LOCAL search_path = pg_catalog");
          List<DependentObject> found = new ArrayList<>();
          found.addAll(indexesAndChecks(table, from, to));
          found.addAll(foreignKeys(table, from, to));
          Map<String, ObjectDetails> details = ObjectDetails.of(database, table.oid());
          found.replaceAll(
              it -> it.with(details.getOrDefault(it.name(), ObjectDetails.NONE).of(it.kind())));
          return found;
        });
  }

  /** The indexes that were read last and have no counterpart in a copy of the table. */
  List<String> lost() {
    return List.copyOf(lost);
  }

  private List<DependentObject> indexesAndChecks(
      TableFacts table, ColumnFacts from, ColumnFacts to) {
    Map<String, Deque<Index>> oldIndexes = byDefinition(indexes(table.quoted(), from.name()));
    Map<String, Deque<Index>> newIndexes = byDefinition(indexes(table.quoted(), to.name()));
    Set<String> carried = new HashSet<>();
    Map<String, String> oldChecks = named(checks(table.quoted(), from.name(), true));
    Map<String, String> newChecks = named(checks(table.quoted(), to.name(), false));
    if (oldIndexes.isEmpty() && oldChecks.isEmpty()) {
      return List.of();
    }
    clone(table);
    database.execute("ALTER TABLE %s DROP COLUMN IF EXISTS %s".formatted(CLONE, to.quoted()));
    List<Index> clones = indexes(CLONE, from.name());
    // Before the column changes, a clone reads like its original: that is how they find each other.
    Map<String, String> oldDefinitions = new HashMap<>();
    clones.forEach(it -> oldDefinitions.put(it.name(), it.definition()));
    if (!from.type().equals(to.type())) {
      database.execute(
          "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING NULL::%s"
              .formatted(CLONE, from.quoted(), to.type(), to.type()));
    }
    database.execute(
        "ALTER TABLE %s RENAME COLUMN %s TO %s".formatted(CLONE, from.quoted(), to.quoted()));
    List<DependentObject> found = new ArrayList<>();
    for (Index clone : indexes(CLONE, to.name())) {
      Index old =
          poll(oldIndexes, key(oldDefinitions.getOrDefault(clone.name(), ""), clone.unique()));
      if (old != null) {
        if (table.partitioned()) {
          IndexName name = new IndexName(table.schema(), old.name());
          old = old.withParts(new PartitionedIndexReader(database).partNames(name));
        }
        String key = key(clone.definition(), clone.unique());
        boolean duplicate = !carried.add(key);
        Index present = duplicate ? null : poll(newIndexes, key);
        boolean complete =
            present != null && (old.constraint() == null || present.constraint() != null);
        found.add(attachment(old, clone, complete ? present : null, duplicate));
      }
    }
    lost.clear();
    oldIndexes.values().forEach(it -> it.forEach(index -> lost.add(index.name())));
    for (Map.Entry<String, String> check : named(checks(CLONE, to.name(), true)).entrySet()) {
      if (oldChecks.containsKey(check.getKey())) {
        String definition = check.getValue();
        String counterpart =
            newChecks.entrySet().stream()
                .filter(it -> it.getValue().equals(definition))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        found.add(
            new DependentObject(
                DependentObject.Kind.CHECK,
                check.getKey(),
                definition,
                oldChecks.get(check.getKey()),
                false,
                counterpart,
                null,
                false,
                "",
                ObjectDetails.NONE,
                Map.of()));
      }
    }
    return found;
  }

  /** Each index where its original is, not where the session puts what is new. */
  private void clone(TableFacts table) {
    String space = setting("current_setting('default_tablespace')");
    setting("set_config('default_tablespace', '', true)");
    database.execute(
        "CREATE TABLE %s (LIKE %s INCLUDING INDEXES INCLUDING CONSTRAINTS)"
            .formatted(CLONE, table.quoted()));
    setting("set_config('default_tablespace', %s, true)".formatted(Identifiers.literal(space)));
  }

  private String setting(String call) {
    return database.query("SELECT pg_catalog." + call, (rs, row) -> rs.getString(1)).get(0);
  }

  private static DependentObject attachment(
      Index old, Index clone, @Nullable Index present, boolean duplicate) {
    boolean constraint = old.constraint() != null;
    return new DependentObject(
        constraint ? DependentObject.Kind.UNIQUE_CONSTRAINT : DependentObject.Kind.INDEX,
        constraint ? String.valueOf(old.constraint()) : old.name(),
        clone.definition(),
        old.definition(),
        old.unique(),
        (present == null) ? null : present.name(),
        null,
        duplicate,
        old.deferrability(),
        ObjectDetails.NONE,
        old.parts());
  }

  private List<DependentObject> foreignKeys(TableFacts table, ColumnFacts from, ColumnFacts to) {
    List<DependentObject> onNew =
        foreignKeys(table.quoted(), to.name(), to.name(), Map.of(), false);
    Map<String, String> present = new HashMap<>();
    onNew.forEach(it -> present.put(it.definition(), it.name()));
    return foreignKeys(table.quoted(), from.name(), to.name(), present, true);
  }

  private List<DependentObject> foreignKeys(
      String table,
      String column,
      String renamed,
      Map<String, String> present,
      boolean alsoNotValid) {
    return database.query(
        FOREIGN_KEYS.formatted(
            Identifiers.literal(column),
            "quote_ident(" + Identifiers.literal(renamed) + ")",
            table.replace("'", "''"),
            alsoNotValid,
            Identifiers.literal(column)),
        (rs, row) ->
            new DependentObject(
                DependentObject.Kind.FOREIGN_KEY,
                rs.getString("name"),
                rs.getString("definition"),
                rs.getString("original"),
                false,
                present.get(rs.getString("definition")),
                rs.getString("parent"),
                false,
                "",
                ObjectDetails.NONE,
                Map.of()));
  }

  private List<Index> indexes(String table, String column) {
    return database.query(
        INDEXES.formatted(
            table.replace("'", "''"),
            Identifiers.literal(column),
            IndexDefinition.of("i.indexrelid")),
        (rs, row) ->
            new Index(
                rs.getString("name"),
                rs.getString("definition"),
                rs.getBoolean("is_unique"),
                rs.getString("constraint_name"),
                rs.getString("deferrability"),
                Map.of()));
  }

  private List<Map.Entry<String, String>> checks(
      String table, String column, boolean alsoNotValid) {
    return database.query(
        CHECKS.formatted(table.replace("'", "''"), alsoNotValid, Identifiers.literal(column)),
        (rs, row) -> Map.entry(rs.getString("name"), validated(rs.getString("definition"))));
  }

  private static String validated(String definition) {
    return definition.endsWith(" NOT VALID")
        ? definition.substring(0, definition.length() - " NOT VALID".length())
        : definition;
  }

  private static Map<String, Deque<Index>> byDefinition(List<Index> indexes) {
    Map<String, Deque<Index>> map = new HashMap<>();
    // A constraint stands for its index, also where another index is defined alike.
    indexes.stream()
        .sorted(Comparator.comparing(it -> it.constraint() == null))
        .forEach(
            it ->
                map.computeIfAbsent(key(it.definition(), it.unique()), k -> new ArrayDeque<>())
                    .add(it));
    return map;
  }

  private static @Nullable Index poll(Map<String, Deque<Index>> indexes, String key) {
    Deque<Index> alike = indexes.get(key);
    return (alike == null) ? null : alike.poll();
  }

  private static String key(String definition, boolean unique) {
    return unique + definition;
  }

  private static Map<String, String> named(List<Map.Entry<String, String>> entries) {
    Map<String, String> map = new HashMap<>();
    entries.forEach(it -> map.put(it.getKey(), it.getValue()));
    return map;
  }

  private record Index(
      String name,
      String definition,
      boolean unique,
      @Nullable String constraint,
      String deferrability,
      Map<Long, String> parts) {

    Index withParts(Map<Long, String> names) {
      return new Index(name, definition, unique, constraint, deferrability, names);
    }
  }
}
