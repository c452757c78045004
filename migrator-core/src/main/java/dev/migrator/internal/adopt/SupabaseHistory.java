package dev.migrator.internal.adopt;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.adopt.ForeignTable.Column;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The list of the CLI of Supabase, which is kept up to date, so that the CLI does not run again
 * what is there. Of its columns only the version has always been there.
 */
final class SupabaseHistory implements ForeignHistory {

  private static final String SCHEMA = "supabase_migrations";

  private static final String VERSION = "version";

  private static final String NAME = "name";

  private static final String STATEMENTS = "statements";

  private static final Set<String> TEXTS = Set.of("text", "varchar");

  private final Database database;

  private final ForeignTable table;

  private final TrustedOwner owner;

  SupabaseHistory(Database database, TrustedOwner owner) {
    this.database = database;
    this.table = new ForeignTable(database, "Supabase", SCHEMA, "schema_migrations");
    this.owner = owner;
  }

  @Override
  public String tool() {
    return "Supabase";
  }

  @Override
  public boolean isWritten() {
    return true;
  }

  @Override
  public boolean mayKnow(String id, SqlFile file) {
    return !file.repeatable() && id.matches("\\d+_.*");
  }

  @Override
  public Takeover read(List<KnownFile> open, Collection<String> all) {
    Map<String, Column> columns = table.forReading().orElse(null);
    if (columns == null) {
      requireMakeable();
      return new Takeover(Map.of(), List.of(), true);
    }
    requireColumns(columns);
    table.requireWritable(owner);
    List<String> versions =
        database
            .query(
                "SELECT version::text FROM ONLY %s ORDER BY version".formatted(table.quoted()),
                (rs, row) -> rs.getString(1))
            .stream()
            .filter(Objects::nonNull)
            .toList();
    return SupabaseRows.compare(versions, open, all);
  }

  private void requireColumns(Map<String, Column> columns) {
    table.require(columns, Map.of(VERSION, TEXTS));
    String others =
        columns.values().stream()
            .filter(Column::required)
            .map(Column::name)
            .filter(it -> !Set.of(VERSION, NAME, STATEMENTS).contains(it))
            .sorted()
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      throw table.refused(
          "nobody knows what to write into %s, which must not be NULL; give a default"
              .formatted(others));
    }
  }

  private void requireMakeable() {
    boolean may =
        database
            .jdbc()
            .sql(
                """
                SELECT coalesce((SELECT pg_catalog.has_schema_privilege(oid, 'CREATE')
                                   FROM pg_catalog.pg_namespace WHERE nspname = ?),
                                pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'))
                """)
            .param(SCHEMA)
            .query(Boolean.class)
            .single();
    if (!may) {
      throw new UnsupportedDatabaseException(
          ErrorCode.FOREIGN_HISTORY,
          "the list of Supabase in %s is not there, and this role may not make it, so that the CLI would run again what runs here; let the CLI make it (supabase migration repair), or grant CREATE on the schema %s, or on the database if that is missing too"
              .formatted(table.shown(), SCHEMA),
          null);
    }
  }

  /** What is listed and has not run here. */
  @Override
  public boolean hasRunAnything() {
    return table.forReading().isPresent()
        && database
            .jdbc()
            .sql(
                """
                SELECT EXISTS (SELECT FROM ONLY supabase_migrations.schema_migrations l
                                WHERE NOT EXISTS (SELECT FROM migrator.migration m
                                                   WHERE m.phase IS NOT NULL
                                                     AND pg_catalog.split_part(m.id, '_', 1) = l.version))
                """)
            .query(Boolean.class)
            .single();
  }

  @Override
  public void make() {
    database.execute(
        """
        CREATE SCHEMA IF NOT EXISTS supabase_migrations;
        CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations
          (version text NOT NULL PRIMARY KEY, statements text[], name text)
        """);
  }

  @Override
  public boolean hasRun(String id) {
    if (table.forReading().isEmpty()) {
      return false;
    }
    return database
            .jdbc()
            .sql("SELECT count(*) FROM ONLY %s WHERE version = ?".formatted(table.quoted()))
            .param(version(id))
            .query(Long.class)
            .single()
        > 0;
  }

  /** The key of the table refuses what the CLI has recorded in the meantime. */
  @Override
  public void applied(String id, SqlFile file) {
    table.forWriting(owner);
    Map<String, Column> columns = table.forReading().orElseThrow();
    requireColumns(columns);
    boolean name = columns.containsKey(NAME) && TEXTS.contains(columns.get(NAME).type());
    boolean statements =
        columns.containsKey(STATEMENTS) && columns.get(STATEMENTS).type().equals("_text");
    var insert =
        database
            .jdbc()
            .sql(
                "INSERT INTO %s (version%s%s) VALUES (:version%s%s)"
                    .formatted(
                        table.quoted(),
                        name ? ", " + Identifiers.quote(NAME) : "",
                        statements ? ", statements" : "",
                        name ? ", :name" : "",
                        statements ? ", :statements" : ""))
            .param(VERSION, version(id));
    insert = name ? insert.param(NAME, id.substring(id.indexOf('_') + 1)) : insert;
    insert =
        statements
            ? insert.param(
                STATEMENTS, file.statements().stream().map(Statement::sql).toArray(String[]::new))
            : insert;
    insert.update();
  }

  @Override
  public void undone(String id) {
    if (table.forReading().isEmpty()) {
      return;
    }
    table.forWriting(owner);
    database
        .jdbc()
        .sql("DELETE FROM ONLY %s WHERE version = ?".formatted(table.quoted()))
        .param(version(id))
        .update();
  }

  static String version(String id) {
    return id.substring(0, id.indexOf('_'));
  }
}
