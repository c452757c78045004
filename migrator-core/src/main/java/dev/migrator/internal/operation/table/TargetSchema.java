package dev.migrator.internal.operation.table;

import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Database;
import java.util.List;
import java.util.Optional;

/** Finds the schema of a new table, and refuses one in which nothing can be created. */
final class TargetSchema {

  private final Resolution resolution;

  private final Database database;

  TargetSchema(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
  }

  Target of(TableName table) {
    Target target =
        read(table).orElseThrow(() -> resolution.invalid(ErrorCode.UNKNOWN_SCHEMA, unknown(table)));
    if (!target.writable()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.SCHEMA_NOT_WRITABLE,
          "%s: the role \"%s\" may not create tables in the schema %s; run: GRANT CREATE ON SCHEMA %s TO \"%s\""
              .formatted(
                  resolution.where(),
                  target.role(),
                  target.schema(),
                  target.schema(),
                  target.role()),
          null);
    }
    return target;
  }

  private static String unknown(TableName table) {
    return (table.schema() == null)
        ? "no schema of the search path is there, so it is not known where to create \"%s\"; write createTable(\"<schema>\", \"%s\")"
            .formatted(table, table.name())
        : "there is no schema \"%s\"; create it first".formatted(table.schema());
  }

  private Optional<Target> read(TableName table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT n.nspname, has_schema_privilege(n.oid, 'CREATE') AS writable, current_user AS role,
                   current_setting('server_version_num')::int AS server_version,
                   EXISTS (SELECT FROM pg_type t
                            WHERE t.typnamespace = n.oid AND t.typname = :name AND t.typcategory <> 'A') AS has_type
              FROM pg_namespace n WHERE n.nspname = coalesce(:schema::text, current_schema())
            """)
        .param("name", table.name())
        .param("schema", table.schema())
        .query(
            (rs, row) ->
                new Target(
                    rs.getString("nspname"),
                    rs.getBoolean("writable"),
                    rs.getString("role"),
                    rs.getInt("server_version"),
                    rs.getBoolean("has_type")))
        .optional();
  }

  /**
   * The schema.
   *
   * @param schema its name
   * @param writable whether the role may create tables in it
   * @param role the current role
   * @param serverVersion the version of the server
   * @param hasType whether it has a type of the name of the table
   */
  record Target(String schema, boolean writable, String role, int serverVersion, boolean hasType) {

    /** A table that is not there yet. */
    TableFacts table(String name) {
      return new TableFacts(
          0,
          schema,
          name,
          TableFacts.Kind.TABLE,
          null,
          false,
          List.of(),
          true,
          role,
          role,
          false,
          0,
          serverVersion,
          List.of());
    }
  }
}
