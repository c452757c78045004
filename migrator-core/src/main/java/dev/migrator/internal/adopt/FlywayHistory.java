package dev.migrator.internal.adopt;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.adopt.ForeignTable.Column;
import dev.migrator.internal.file.FilePlace;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.SqlFile;
import dev.migrator.settings.SqlSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Flyway's history, which is read and never written: a release before may still go on with it. */
final class FlywayHistory implements ForeignHistory {

  private static final String TABLE = "flyway_schema_history";

  private static final Set<String> TEXTS = Set.of("text", "varchar");

  private static final Map<String, Set<String>> COLUMNS =
      Map.of(
          "installed_rank",
          Set.of("int4"),
          "version",
          TEXTS,
          "type",
          TEXTS,
          "script",
          TEXTS,
          "checksum",
          Set.of("int4"),
          "installed_by",
          TEXTS,
          "installed_on",
          Set.of("timestamp"),
          "success",
          Set.of("bool"));

  private static final int MOST = 100_000;

  private final Database database;

  private final ForeignTable table;

  private final boolean named;

  private final Map<String, String> repairs;

  FlywayHistory(Database database, SqlSettings settings) {
    this.database = database;
    this.repairs = settings.repair();
    String name = Objects.requireNonNullElse(settings.adoptTable(), "public." + TABLE);
    int dot = name.indexOf('.');
    this.named = settings.adoptTable() != null;
    this.table =
        new ForeignTable(
            database,
            "Flyway",
            dot < 0 ? "public" : name.substring(0, dot),
            name.substring(dot + 1));
  }

  @Override
  public String tool() {
    return "Flyway";
  }

  @Override
  public boolean isWritten() {
    return false;
  }

  @Override
  public boolean mayKnow(String id, SqlFile file) {
    return file.repeatable() || FilePlace.of(id).isPresent();
  }

  @Override
  public Takeover read(List<KnownFile> open, Collection<String> all) {
    Map<String, Column> columns = table.forReading().orElse(null);
    if (columns == null) {
      if (!named) {
        requireNowhereElse();
      }
      return Takeover.NOTHING;
    }
    table.require(columns, COLUMNS);
    List<FlywayRow> rows =
        database.query(
            """
            SELECT installed_rank, version, type, script, checksum, installed_by, installed_on, success
              FROM ONLY %s ORDER BY installed_rank LIMIT %d
            """
                .formatted(table.quoted(), MOST + 1),
            (rs, row) -> row(rs));
    if (rows.size() > MOST) {
      throw table.refused("it has more than %d rows".formatted(MOST));
    }
    return new FlywayRows(rows, repairs).compare(open, all);
  }

  /** A history that is overlooked would have everything run again. */
  private void requireNowhereElse() {
    List<String> others =
        database
            .jdbc()
            .sql(
                """
                SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
                  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind = 'r' AND c.relname = 'flyway_schema_history'
                 ORDER BY 1 LIMIT 10
                """)
            .query(String.class)
            .list();
    if (!others.isEmpty()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.FOREIGN_HISTORY,
          "the history of Flyway is not in %s, but one is in %s. Set migrator.adopt-table to the schema and the table of yours"
              .formatted(table.shown(), String.join(", ", others)),
          null);
    }
  }

  private static FlywayRow row(ResultSet rs) throws SQLException {
    int checksum = rs.getInt("checksum");
    @Nullable Integer sum = rs.wasNull() ? null : checksum;
    return new FlywayRow(
        rs.getInt("installed_rank"),
        rs.getString("version"),
        text(rs, "type"),
        text(rs, "script"),
        sum,
        text(rs, "installed_by"),
        rs.getObject("installed_on", LocalDateTime.class),
        rs.getBoolean("success"));
  }

  private static String text(ResultSet rs, String column) throws SQLException {
    return Objects.requireNonNullElse(rs.getString(column), "");
  }

  /** It makes its table when it runs for the first time. */
  @Override
  public boolean hasRunAnything() {
    return table.isThere();
  }
}
